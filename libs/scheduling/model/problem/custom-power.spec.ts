import { readCustomPower } from './custom-power';

const window = { startMs: Date.parse('2026-03-04T07:00:00Z'), stepMs: 3_600_000, steps: 2 };
const at = (hour: number) => `2026-03-04T0${hour}:00:00Z`;

describe('readCustomPower', () => {
  it.each([
    [[0.5, -1]],
    [Float32Array.of(0.5, -1)],
    [[{ start: at(8), value: -1 }, { start: new Date(at(7)), value: 0.5 }]], // prettier-ignore
    [[{ start: window.startMs, value: 0.5 }, { start: '2026-03-04T09:00:00+01:00', value: -1 }]], // prettier-ignore
  ])('reads %j as MW per step', (given) => {
    expect([...readCustomPower(given, window)]).toEqual([0.5, -1]);
  });

  it.each([
    [undefined, 'expected a list of numbers, but got nothing.'],
    ['12', 'expected a list of numbers, but got string.'],
    [{}, 'expected a list of numbers, but got object.'],
    [[], 'expected 2 numbers, one per step, but got 0.'],
    [[1, 2, 3], 'expected 2 numbers, one per step, but got 3.'],
    [[1, NaN], 'step 1: expected a number, but got NaN.'],
    [['1', 2], 'step 0: expected a number, but got 1.'],
    [[1, null], 'step 1: expected a number, but got null.'],
    [[{ start: at(7), value: 1 }], 'expected 2 events, one per step, but got 1.'],
    [[{ start: at(7), value: Infinity }], 'event 0: expected a number, but got Infinity.'],
    [[{ start: at(9), value: 1 }], `event 0 starts at ${at(9)}, which is not the start of a step.`],
    [[{ start: 'soon', value: 1 }], 'event 0 starts at soon, which is not the start of a step.'],
    [[{ start: at(7), value: 1 }, { start: at(7), value: 1 }], `two events start at ${at(7)}.`], // prettier-ignore
  ])('refuses %j and says what is wrong', (given, reason) => {
    expect(() => readCustomPower(given, window)).toThrow(new RangeError(reason));
  });
});
