import { namesInWords } from './attention.service';

it.each([
  [['power'], 'power'],
  [['power', 'price'], 'power and price'],
  [['a', 'b', 'c'], 'a, b and c'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b and 3 more'],
])('names %s in words', (names, words) => {
  expect(namesInWords(names)).toBe(words);
});
