/** A time of day without a separator: hour, or hour and minute. */
const BARE_TIME = /^(\d{1,2}?)(\d{2})?$/;

/**
 * Joins the cells of a datetime in several columns: a date and a time, or year, month, day and optionally hour, minute and
 * second. Empty cells at the end are left out.
 *
 * @returns the text of the datetime; empty if all cells are empty
 */
export function joinDateCells(cells: readonly string[]): string {
  const filled = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
  if (filled.length <= 1) return filled.join('');
  if (cells.length === 2) return `${filled[0]} ${timeText(filled[1]!)}`;
  const [date, time] = [filled.slice(0, 3), filled.slice(3)];
  const day = date.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-');
  if (time.length === 0) return day;
  const [hour, ...rest] = time.map((part) => part.padStart(2, '0'));
  return `${day} ${[hour, ...(rest.length > 0 ? rest : ['00'])].join(':')}`;
}

/** A time of day with a separator: `7` is 07:00, and `0715` is 07:15. */
function timeText(text: string): string {
  const [, hour, minute = '00'] = BARE_TIME.exec(text) ?? [];
  return hour === undefined ? text : `${hour.padStart(2, '0')}:${minute}`;
}
