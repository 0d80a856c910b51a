const UNITS: [name: string, ms: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** A duration in words: "15 minutes", "1 hour". @param ms 0 for instants */
export function durationInWords(ms: number): string {
  if (ms === 0) return 'instants';
  const [name, length] = UNITS.find(([, length]) => ms % length === 0) ?? ['second', 1000];
  const count = ms / length;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** A time for people: "2026-03-04 07:00+01:00". @param iso ISO 8601 with seconds */
export const timeInWords = (iso: string): string =>
  iso.replace('T', ' ').replace(/^(\S+ \d\d:\d\d):00(?:\.0+)?(?!\d)/, '$1');
