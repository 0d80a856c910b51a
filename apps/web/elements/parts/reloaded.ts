import { fetchPage } from './fetch-page';
import { Turns } from './turns';

/**
 * Loads the content of the element `reloaded` again after `data-reload-s` seconds, without moving the page or its focus, until
 * the page has no such number any more.
 */
const ID = 'reloaded';

const secondsOf = (element: Element | null): number =>
  Number(element instanceof HTMLElement ? element.dataset['reloadS'] : 0);

const turns = new Turns();

async function reload(): Promise<void> {
  const isNewer = turns.next();
  const fresh = (await fetchPage(location.href)).getElementById(ID);
  const shown = document.getElementById(ID);
  if (!fresh || !shown || shown.contains(document.activeElement) || !isNewer()) return;
  shown.dataset['reloadS'] = fresh.dataset['reloadS'] ?? '';
  shown.replaceChildren(...fresh.childNodes);
  document.dispatchEvent(new CustomEvent('content-added'));
}

function reloadLater(): void {
  const seconds = secondsOf(document.getElementById(ID));
  if (seconds <= 0) return;
  setTimeout(() => {
    // A later attempt may succeed; the page stays as it is until then.
    const reloading = document.hidden ? Promise.resolve() : reload().catch(() => undefined);
    void reloading.then(reloadLater);
  }, seconds * 1000);
}

// A page that is live learns at once what happens to its jobs.
document.addEventListener('live-event', (event) => {
  const { name } = (event as CustomEvent<{ name: string }>).detail;
  if (!/^job\.|^reset$/.test(name) || secondsOf(document.getElementById(ID)) <= 0) return;
  reload().catch(() => undefined);
});

reloadLater();
