import { lateSince, namesInWords } from './attention.service';

it.each([
  [['power'], 'power'],
  [['power', 'price'], 'power and price'],
  [['a', 'b', 'c'], 'a, b and c'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b and 3 more'],
])('names %s in words', (names, words) => {
  expect(namesInWords(names)).toBe(words);
});

describe('lateSince', () => {
  const status = (sourceType: string | null, isStale: boolean, sinceMs: number | null) => ({
    ...{ sourceType, isStale, sinceMs },
  });

  it.each([
    ['no data at all', [status(null, true, null)], undefined],
    ['late schedules only', [status('scheduling script', true, 5)], undefined],
    [
      'late measurements beside schedules',
      [status('user', true, 7), status('scheduling script', false, 9)],
      7,
    ],
    [
      'measurements after an imported history',
      [status('CLI script', true, 3), status('user', false, 8)],
      undefined,
    ],
    ['late measurements after such a history', [status('CLI script', true, 3), status('user', true, 8)], 8],
  ])('finds since when data is late: %s', (_, statuses, expected) => {
    expect(lateSince(statuses)).toBe(expected);
  });
});
