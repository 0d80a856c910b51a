import type { LiveEvent } from './live-event';

/** More lines would hide the page. */
const MAX_LINES = 4;

const NOUNS: Record<string, string> = { scheduling: 'Schedule', forecasting: 'Forecasts' };
const STATES: Record<string, [text: string, icon: string]> = {
  queued: ['waits for its turn', 'hourglass-half'],
  started: ['is being computed', 'gear'],
  finished: ['is finished', 'circle-check'],
  failed: ['failed', 'circle-xmark'],
};

/** Jobs that follow each new data; their results are told when they are there. */
const AUTOMATIC = 'forecast';

/** Tells of jobs that are about the page and that somebody asked for, in the element `live-jobs`. */
document.addEventListener('live-event', (event) => {
  const list = document.getElementById('live-jobs');
  const { name, data } = (event as CustomEvent<LiveEvent>).detail;
  if (!list || !name.startsWith('job.') || data['kind'] === AUTOMATIC) return;
  const id = String(data['job']);
  const line =
    list.querySelector<HTMLElement>(`[data-job="${CSS.escape(id)}"]`) ?? document.createElement('p');
  line.dataset['job'] = id;
  fill(line, data);
  if (!line.isConnected) list.prepend(line);
  while (list.children.length > MAX_LINES) list.lastElementChild!.remove();
});

function fill(line: HTMLElement, { job, queue, state, sensors }: LiveEvent['data']): void {
  const [text, icon] = STATES[String(state)] ?? ['', 'gear'];
  const names = (sensors as number[]).flatMap(
    (id) => document.querySelector(`[data-latest="${id}"] dt`)?.textContent.trim() ?? [],
  );
  line.className = `state state-${String(state)} mb-1`;
  const symbol = document.createElement('i');
  symbol.className = `fa fa-${icon}`;
  symbol.ariaHidden = 'true';
  const link = document.createElement('a');
  link.href = `/jobs/${String(job)}`;
  const noun = NOUNS[String(queue)] ?? 'Job';
  link.textContent = names.length > 0 ? `${noun} of ${names.join(', ')}` : noun;
  const sentence = document.createElement('span');
  sentence.append(link, ` ${text}`);
  line.replaceChildren(symbol, sentence);
}
