const UNITS: [name: string, ms: number, one: string][] = [
  ['week', 7 * 86_400_000, 'a week'],
  ['day', 86_400_000, 'a day'],
  ['hour', 3_600_000, 'an hour'],
  ['minute', 60_000, 'a minute'],
  ['second', 1000, 'a second'],
];

/** A duration in words, for instance "12 hours", "a day" or "an hour and 30 minutes". */
export function formatDurationInWords(ms: number): string {
  if (ms === 0) return 'an instant';
  const parts: string[] = [];
  let rest = ms;
  for (const [name, length, one] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(count === 1 ? one : `${count} ${name}s`);
  }
  const last = parts.pop() ?? `${ms} milliseconds`;
  return parts.length > 0 ? `${parts.join(', ')} and ${last}` : last;
}
