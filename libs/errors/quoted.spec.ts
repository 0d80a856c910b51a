import { quoted, shown } from './quoted';

describe('quoted', () => {
  it.each([
    ['12 °C', "'12 °C'"],
    ['1\r\n2\t3', String.raw`'1\r\n2\t3'`],
    ['a\u0000b\u001b[31m\u202e', String.raw`'a\u0000b\u001b[31m\u202e'`],
    ['x'.repeat(60), `'${'x'.repeat(60)}'`],
    ['🔋'.repeat(61), `'${'🔋'.repeat(60)}…'`],
  ])('quotes %j in readable form', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  it('cuts long texts', () => {
    expect(shown('x'.repeat(1_000_000))).toHaveLength(61);
  });
});
