import { parseInstant, ZoneClock } from '#lib/time';
import { Localiser } from './localiser';

const local = (text: string) => parseInstant(`2024-10-27T${text}Z`);

/** Localises the times in this order and returns their UTC offsets in hours. */
function offsets(times: string[], beliefHours: number[] = [], repeats = true): number[] {
  const localiser = new Localiser(new ZoneClock('Europe/Amsterdam'), repeats);
  const beliefTimes = beliefHours.map((hour) => parseInstant('2024-10-26T00:00Z') + hour * 3_600_000);
  return times.map(
    (time, row) => (local(time) - localiser.toInstant(local(time), beliefTimes[row])) / 3_600_000,
  );
}

describe('Localiser', () => {
  it('assigns the first series of a repeated hour to the first hour', () => {
    const times = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'];
    expect(offsets(times)).toEqual([2, 2, 2, 1, 1, 1]);
  });

  it('assigns the first series to the second hour in descending rows', () => {
    const times = ['03:00', '02:30', '02:00', '02:30', '02:00', '01:30'];
    expect(offsets(times)).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('assigns a repeated time to the second hour, unless it is the same event', () => {
    expect(offsets(['01:00', '02:00', '02:00', '03:00'])).toEqual([2, 2, 1, 1]);
    expect(offsets(['01:00', '02:00', '02:00', '03:00'], [0, 1, 2, 3])).toEqual([2, 2, 2, 1]);
    expect(offsets(['01:00', '02:00', '02:00', '03:00'], [], false)).toEqual([2, 2, 2, 1]);
  });

  it('starts again with the first hour for each run of a belief time', () => {
    const run = ['01:00', '02:00', '02:00', '03:00'];
    const times = [...run, ...run.slice(1)];
    expect(offsets(times, [0, 0, 0, 0, 1, 1, 1])).toEqual([2, 2, 1, 1, 2, 1, 1]);
    expect(offsets(times, [0, 0, 0, 0, 6, 6, 6])).toEqual([2, 2, 1, 1, 2, 1, 1]);
    const reversed = [...run.toReversed(), ...run.slice(1).toReversed()];
    expect(offsets(reversed, [1, 1, 1, 1, 0, 0, 0])).toEqual([1, 1, 2, 2, 1, 1, 2]);
  });

  it('starts a run in the second hour if previous runs started equally long after their belief time', () => {
    const quarters = [
      '01:30',
      '01:45',
      '02:00',
      '02:15',
      '02:30',
      '02:45',
      '02:00',
      '02:15',
      '02:30',
      '02:45',
    ];
    const hours = [2, 2, 2, 2, 2, 2, 1, 1, 1, 1];
    const runs = Array.from({ length: 8 }, (_, run) => [run, run + 1, run + 2]).flat();
    const beliefHours = Array.from({ length: 24 }, (_, row) => 20 + Math.floor(row / 3) / 4);
    expect(
      offsets(
        runs.map((quarter) => quarters[quarter]!),
        beliefHours,
      ),
    ).toEqual(runs.map((quarter) => hours[quarter]));
  });

  it('handles each belief time separately if rows are ordered by event', () => {
    const hours = ['01:00', '01:00', '02:00', '02:00', '02:00', '02:00', '03:00'];
    expect(offsets(hours, [0, 1, 0, 1, 0, 1, 0])).toEqual([2, 2, 2, 2, 1, 1, 1]);
    expect(offsets(hours.toReversed(), [0, 1, 0, 1, 0, 1, 0])).toEqual([1, 1, 1, 2, 2, 2, 2]);
    const halves = ['02:00', '02:00', '02:30', '02:30', '02:00', '02:00', '02:30', '02:30'];
    expect(offsets(halves, [0, 1, 0, 1, 0, 1, 0, 1])).toEqual([2, 2, 2, 2, 1, 1, 1, 1]);
  });

  it('assigns a single time and the start of a file to the first hour', () => {
    expect(offsets(['02:15', '02:45', '03:00'])).toEqual([2, 2, 1]);
  });

  it('returns NaN for a skipped local time', () => {
    const localiser = new Localiser(new ZoneClock('Europe/Amsterdam'));
    expect(localiser.toInstant(parseInstant('2024-03-31T02:30Z'))).toBeNaN();
  });

  it('reports ambiguous times', () => {
    const localiser = new Localiser(new ZoneClock('Europe/Amsterdam'));
    localiser.toInstant(local('02:00'));
    expect(localiser.wasAmbiguous).toBe(true);
    localiser.toInstant(local('03:00'));
    expect(localiser.wasAmbiguous).toBe(false);
  });
});
