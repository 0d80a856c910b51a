import { readJsonText } from './json-text';

describe('JSON that a person types', () => {
  it.each([
    ['a word without quotes', '{\n  "a": x,\n  "b": 1\n}', 2],
    ['a comma before the end', '{\n  "a": 1,\n}\n', 3],
    ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 3],
    ['a missing colon', '{\n  "a" 1\n}', 2],
    ['single quotes', "{\n  'a': 1,\n\n  'b': 2\n}", 2],
    ['a string that goes on in the next line', '{\n  "a": "x\n", "b": 1\n}', 2],
    ['a bad escape', '[\n1,\n"\\x"\n]', 3],
    ['a number with a leading zero', '[\n1,\n 02,\n3]', 3],
    ['a missing end', '{\n  "a": [1, 2\n', 2],
    ['something after the end', '{"a": 1}\n}', 2],
    ['the wrong bracket', '{\n"a": [1}\n}', 2],
  ])('names the line of %s', (_, text, line) => {
    expect(() => readJsonText(text)).toThrow(`Not valid JSON: see line ${line}.`);
  });

  it('is read as it is, and means nothing if it is empty', () => {
    const text = ' {"a": [1.5e-3, -0, true, null, "\\u00e9 \\" \\\\"], "b": {}, "c": []}\n';
    expect(readJsonText(text)).toEqual(JSON.parse(text));
    expect(readJsonText(' \n')).toEqual({});
  });
});
