/** A double click does not send a form twice, and forms with `data-confirm` ask before they are sent. */
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const question = form.dataset['confirm'];
  if (question !== undefined && !confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== 'post') return;
  if (form.dataset['isSent'] !== undefined) event.preventDefault();
  form.dataset['isSent'] = '';
});

// A page that comes back from the history may be sent again.
addEventListener('pageshow', () => {
  for (const form of document.forms) Reflect.deleteProperty(form.dataset, 'isSent');
});
