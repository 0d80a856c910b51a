import { isLogin } from '../parts/fetch-page';
import { forgetTyping } from './kept-typing';
import { markFields } from './marked-fields';

/**
 * Forms with `data-in-place` stay as they are when they are sent, with a chosen file, for instance: only the element with this id
 * changes to that of the answer, and what is wrong is told at the fields. Without scripts, the whole page changes.
 */
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const id = form.dataset['inPlace'];
  if (id === undefined || event.defaultPrevented) return;
  event.preventDefault();
  const { submitter } = event;
  // Without the attribute, `formAction` is the address of the page.
  const isElsewhere = submitter instanceof HTMLButtonElement && submitter.hasAttribute('formaction');
  const action = isElsewhere ? submitter.formAction : form.action;
  void send(form, action, id).finally(() => Reflect.deleteProperty(form.dataset, 'sentAt'));
});

async function send(form: HTMLFormElement, action: string, id: string): Promise<void> {
  const shown = document.getElementById(id)!;
  shown.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(action, {
      method: 'POST',
      body: new FormData(form),
      headers: { Accept: 'text/html' },
    });
    if (isLogin(answer)) {
      location.assign(answer.url);
      return;
    }
    forgetTyping();
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById(id) ?? page.querySelector('main');
    shown.replaceChildren(...(fresh?.childNodes ?? []));
    document.dispatchEvent(new CustomEvent('content-added'));
    shown.scrollIntoView({ block: 'nearest' });
    markFields(form, page);
  } catch {
    shown.textContent = 'The server cannot be reached. Nothing was lost: try again.';
  } finally {
    shown.removeAttribute('aria-busy');
  }
}
