import { pageNow } from './now';
/** Shows how long ago the moment of a `time` element with `data-ago` was; the moment itself stays as its title. */
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

function ago(moment: number): string {
  const seconds = (moment - pageNow()) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(seconds / length), unit);
}

function showAll(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-ago]')) {
    const moment = Date.parse(element.dateTime);
    if (Number.isNaN(moment)) continue;
    element.title ||= element.textContent.trim();
    element.textContent = ago(moment);
  }
}

showAll();
document.addEventListener('content-added', showAll);
setInterval(showAll, 30_000);
