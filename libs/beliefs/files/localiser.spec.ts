import { parseInstant, ZoneClock } from '#lib/time';
import { Localiser } from './localiser';

const local = (text: string) => parseInstant(`2024-10-27T${text}Z`);

/** Offsets from UTC, in hours, that are given to the times one after the other. */
function offsets(times: string[], repeats = true): number[] {
  const localiser = new Localiser(new ZoneClock('Europe/Amsterdam'));
  return times.map((time) => (local(time) - localiser.toInstant(local(time), repeats)) / 3_600_000);
}

describe('Localiser', () => {
  it('takes the first series of an hour that comes twice for the first hour', () => {
    const times = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'];
    expect(offsets(times)).toEqual([2, 2, 2, 1, 1, 1]);
  });

  it('takes it for the second hour in rows from new to old', () => {
    const times = ['03:00', '02:30', '02:00', '02:30', '02:00', '01:30'];
    expect(offsets(times)).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('takes the same time once more for the second hour, unless it is the same event', () => {
    expect(offsets(['01:00', '02:00', '02:00', '03:00'])).toEqual([2, 2, 1, 1]);
    expect(offsets(['01:00', '02:00', '02:00', '03:00'], false)).toEqual([2, 2, 2, 1]);
  });

  it('takes a single time, and the beginning of a file, for the first hour', () => {
    expect(offsets(['02:15', '02:45', '03:00'])).toEqual([2, 2, 1]);
  });

  it('has no instant for a time that the clocks skip', () => {
    const localiser = new Localiser(new ZoneClock('Europe/Amsterdam'));
    expect(localiser.toInstant(parseInstant('2024-03-31T02:30Z'), true)).toBeNaN();
  });

  it('tells ambiguous times', () => {
    const localiser = new Localiser(new ZoneClock('Europe/Amsterdam'));
    localiser.toInstant(local('02:00'), true);
    expect(localiser.wasAmbiguous).toBe(true);
    localiser.toInstant(local('03:00'), true);
    expect(localiser.wasAmbiguous).toBe(false);
  });
});
