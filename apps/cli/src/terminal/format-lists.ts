/** A count with its noun: "no assets", "1 asset", "3 assets". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`;
}

/** Joins names: "a", "a and b", "a, b and c". */
export function joinNames(names: string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`;
}
