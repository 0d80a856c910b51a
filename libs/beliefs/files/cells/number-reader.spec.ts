import fc from 'fast-check';
import { scaledRuns, seedOrDefault } from '../../../../test/harness/effort';
import { NumberReader } from './number-reader';
import { timedeltaSeconds } from './timedelta-text';

function read(text: string, reader = new NumberReader()): number | undefined {
  const bytes = Buffer.from(`9${text}9`);
  return reader.read(bytes, 1, bytes.length - 1) ? reader.value : undefined;
}

describe('NumberReader', () => {
  it.each([
    ['7', 7],
    ['-0.25', -0.25],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-1.5E-3', -0.0015],
    ['0.1', 0.1],
    ['123456789012345', 123456789012345],
    ['1234567890123456789', 1234567890123456789],
    ['0.1234567890123456789', 0.1234567890123456789],
    ['-0', 0],
    ['-0.000', 0],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each(['', '-', '.', '+.', 'abc', '1,5', '1 000', '1.2.3', '1-2', '0x10', 'inf', 'NaN', '1e999', '12%'])(
    'rejects %p',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('agrees with Number on any number in any notation', () => {
    const written = fc
      .tuple(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), fc.integer({ min: 0, max: 20 }))
      .chain(([value, digits]) =>
        fc.constantFrom(String(value), value.toExponential(digits), (value % 1e15).toFixed(digits)),
      );
    fc.assert(
      fc.property(written, (text) => {
        expect(read(text)).toBe(Number(text) + 0);
      }),
      { numRuns: scaledRuns(500), seed: seedOrDefault(20_260_101) },
    );
  });

  it('reads decimal commas and groups of thousands', () => {
    const german = new NumberReader(',', '.');
    expect(read('1.234.567,5', german)).toBe(1234567.5);
    expect(read('-12,25', german)).toBe(-12.25);
    expect(read('1,5e3', german)).toBe(1500);
    expect(read('1.5', german)).toBeUndefined();
    expect(read('12.34.567', german)).toBe(1234567);
    expect(read('1,234,567', new NumberReader('.', ','))).toBe(1234567);
    expect(read('1,5', new NumberReader('.', ','))).toBeUndefined();
    expect(read('1 234.5', new NumberReader('.', ' '))).toBe(1234.5);
    expect(read('1.5', new NumberReader(','))).toBeUndefined();
    expect(read('12,34,567.5', new NumberReader('.', ','))).toBe(1234567.5);
    expect(read("-1'234", new NumberReader('.', "'"))).toBe(-1234);
    expect(read('1\u202f234,5', new NumberReader(',', '\u202f'))).toBe(1234.5);
    for (const text of [
      '1,2345',
      '1234,567',
      ',123',
      '1,234,',
      '1,234,56',
      '1,2a4',
      '1,,234',
      '12.345,678',
    ]) {
      expect(read(text, new NumberReader('.', ','))).toBeUndefined();
    }
  });

  it('rejects numbers of more than 400 characters', () => {
    expect(read('0'.repeat(400))).toBe(0);
    expect(read('0'.repeat(401))).toBeUndefined();
  });
});

describe('timedeltaSeconds', () => {
  it.each([
    ['PT1H30M', 5400],
    ['-PT0.5S', -0.5],
    ['P1DT1S', 86401],
    ['P2W', 1209600],
    ['01:30:00', 5400],
    ['-01:30', -5400],
    ['26:00:00.25', 93600.25],
    ['1 days 01:30:00', 91800],
    ['-1 days +22:30:00', -5400],
    ['2 days', 172800],
    ['0:00', 0],
  ])('reads %s', (text, seconds) => {
    expect(timedeltaSeconds(text)).toBe(seconds);
  });

  it.each(['', 'P', 'PT', 'P1M', 'P1Y', '90', '1:60', 'one day', '-', `PT${'0'.repeat(98)}S`])(
    'rejects %p',
    (text) => {
      expect(timedeltaSeconds(text)).toBeUndefined();
    },
  );
});
