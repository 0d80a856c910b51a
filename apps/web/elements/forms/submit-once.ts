/** How long a page that was sent is waited for: after that, somebody may have stopped it, and can send it again. */
const PATIENCE_MS = 10_000;

/**
 * A double click does not send a form twice, and forms with `data-confirm` ask before they are sent. Other parts that follow
 * the sending of forms come after this one, and leave alone what it prevents.
 */
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const question = form.dataset['confirm'];
  if (form.method === 'post' && isOpen(form)) {
    event.preventDefault();
    return;
  }
  if (question !== undefined && !confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method === 'post') form.dataset['sentAt'] = String(Date.now());
});

/** Whether the answer to a form is still waited for. Forms that stay on the page tell when it is there. */
function isOpen(form: HTMLFormElement): boolean {
  const { sentAt, inPlace } = form.dataset;
  if (sentAt === undefined) return false;
  return inPlace !== undefined || Date.now() - Number(sentAt) < PATIENCE_MS;
}

// A page that comes back from the history may be sent again.
addEventListener('pageshow', () => {
  for (const form of document.forms) Reflect.deleteProperty(form.dataset, 'sentAt');
});
