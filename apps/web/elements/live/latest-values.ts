import { fetchPage } from '../parts/fetch-page';
import { Turns } from '../parts/turns';
import type { LiveEvent } from './live-event';

/** Changes within this time are loaded together. */
const TOGETHER_MS = 300;

const changed = new Set<string>();
let timer = 0;

const rowOf = (id: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-latest="${CSS.escape(id)}"]`);

/** The rows with the latest values of sensors follow live events; only rows of sensors with new data are loaded again. */
document.addEventListener('live-event', (event) => {
  const { name, data } = (event as CustomEvent<LiveEvent>).detail;
  const all = () =>
    [...document.querySelectorAll<HTMLElement>('[data-latest]')].map((row) => row.dataset['latest']!);
  if (name === 'beliefs.saved') changed.add(String(data['sensor']));
  else if (name === 'beliefs.deleted')
    for (const id of (data['sensors'] as number[] | undefined) ?? all()) changed.add(String(id));
  else if (name === 'reset') for (const id of all()) changed.add(id);
  else return;
  if (timer === 0) timer = window.setTimeout(() => void loadRows(), TOGETHER_MS);
});

async function loadRows(): Promise<void> {
  timer = 0;
  const ids = [...changed].filter(rowOf);
  changed.clear();
  // A later event loads what failed.
  await Promise.all(ids.map((id) => loadRow(id).catch(() => undefined)));
  document.dispatchEvent(new CustomEvent('content-added'));
}

const turns = new Map<string, Turns>();

async function loadRow(id: string): Promise<void> {
  const ofSensor = turns.get(id) ?? new Turns();
  turns.set(id, ofSensor);
  const isNewer = ofSensor.next();
  const fresh = (await fetchPage(`/sensors/${id}/latest`)).querySelector('[data-latest]');
  if (fresh && isNewer()) rowOf(id)?.replaceWith(fresh);
}
