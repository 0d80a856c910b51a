/** Loads the content of elements with `data-reload-s` again after so many seconds, without moving the page or its focus. */
const RELOADED = '[data-reload-s]';

async function reload(): Promise<void> {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector(RELOADED);
  const shown = document.querySelector(RELOADED);
  if (fresh && shown && !shown.contains(document.activeElement)) shown.replaceChildren(...fresh.childNodes);
}

const seconds = Number(document.querySelector<HTMLElement>(RELOADED)?.dataset['reloadS']);
if (seconds > 0)
  setInterval(() => {
    // A later attempt may succeed; the page stays as it is until then.
    if (!document.hidden) reload().catch(() => undefined);
  }, seconds * 1000);
