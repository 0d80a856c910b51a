import { JsonShape, type ShapeLimits } from './json-shape';

const LIMITS: ShapeLimits = { depth: 3, values: 6, strings: 4, parts: 7 };

const excessOf = (text: string, chunkLength = Infinity, limits = LIMITS) => {
  const shape = new JsonShape(limits);
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunkLength) {
    const excess = shape.add(bytes.subarray(start, start + chunkLength));
    if (excess) return excess;
  }
  return undefined;
};

const CASES: [string, string | undefined][] = [
  ['[1, 2, 3, 4, 5, 6]', undefined],
  ['[1, 2, 3, 4, 5, 6, 7]', 'values'],
  ['[[[1]]]', undefined],
  ['[[[[1]]]]', 'depth'],
  ['{"a": {"b": [{}]}}', 'depth'],
  ['[[], [], [], [], [], []]', undefined],
  ['{"a": [], "b": [], "c": {}, "d": 1}', 'parts'],
  ['["a", "b", "c", "d"]', undefined],
  ['["a", "b", "c", "d", "e"]', 'strings'],
  ['{"a": 1, "b": 2, "c": 3}', undefined],
  // The content of a string is not counted.
  ['["[[[[{{{{,,,,,,,,,::::::::"]', undefined],
  [String.raw`["\"[[[[\\\"[[[[", "\\"]`, undefined],
  [String.raw`["\\", [[[1]]]]`, 'depth'],
  ['["é∀🙂[[[["]', undefined],
  ['["never ends [[[[[[', undefined],
  // Invalid JSON is left to the parser.
  [']]]][[[[', undefined],
  ['', undefined],
];

describe('JsonShape', () => {
  it.each(CASES)('reports for %s the exceeded limit %s', (text, excess) => {
    expect(excessOf(text)).toBe(excess);
  });

  it.each([1, 2, 3, 7])('reports the same limits for chunks of %d bytes', (chunkLength) => {
    for (const [text, excess] of CASES) expect([text, excessOf(text, chunkLength)]).toEqual([text, excess]);
  });

  it('counts the values, strings, parts and depth of generated JSON exactly', () => {
    const strings = Array.from({ length: 50 }, (_, i) => `${i % 3 === 0 ? '\\' : ''}"[${i},`);
    const json = JSON.stringify({
      numbers: Array.from({ length: 100 }, (_, i) => i / 7),
      strings,
      deep: [[{}]],
    });
    // Three fields, plus all items but the first of each list.
    const values = 3 + 99 + 49;
    const exact = { depth: 4, values, strings: 53, parts: 3 + 6 };
    expect(excessOf(json, Infinity, exact)).toBeUndefined();
    for (const name of ['depth', 'values', 'strings', 'parts'] as const) {
      expect(excessOf(json, Infinity, { ...exact, [name]: exact[name] - 1 })).toBe(name);
    }
  });
});
