import { fetchPage, problemOf } from './fetch-page';

/**
 * Fills elements with `data-load` from another page of this server: from its elements with the same `data-part`, as are all other
 * parts that both pages have. The page preloads it, so that it comes while everything else loads.
 */
async function load(element: HTMLElement): Promise<void> {
  const page = await fetchPage(element.dataset['load']!);
  for (const fresh of page.querySelectorAll<HTMLElement>('[data-part]'))
    document.querySelector(`[data-part="${fresh.dataset['part']}"]`)?.replaceChildren(...fresh.childNodes);
  document.dispatchEvent(new CustomEvent('content-added'));
}

function loadOrTell(element: HTMLElement): void {
  load(element).catch((error: unknown) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-outline-secondary btn-sm';
    button.textContent = 'Try again';
    button.addEventListener('click', () => {
      button.disabled = true;
      loadOrTell(element);
    });
    const text = document.createElement('p');
    text.className = 'state state-failed';
    text.append(...problemOf(error));
    element.replaceChildren(text, button);
  });
}

document.querySelectorAll<HTMLElement>('[data-load]').forEach(loadOrTell);
