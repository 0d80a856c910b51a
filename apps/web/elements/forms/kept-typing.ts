/**
 * Keeps what was typed if the session has expired when a form is sent: the login page leads back to the form, and the form has
 * everything again. The same after a form of an older session, which the server refuses. Only this tab keeps it, and only until
 * the next page. Attributes of forms: `data-page`, the address of the form if it may be shown at others; `data-restore`, an
 * address that shows the form with what is sent to it, for forms whose number of rows changes.
 */
interface Kept {
  path: string;
  /** Position of the form among those of its page. */
  form: number;
  fields: [name: string, value: string][];
  /** Sent, then shown the login page or a link back; then perhaps sent again to be shown. */
  stage: 'sent' | 'returning' | 'shown';
}

const KEY = 'typed';
const UNKEPT = 'csrf';

const formsOf = (): HTMLFormElement[] => [
  ...document.querySelectorAll<HTMLFormElement>('main form[method=post]'),
];

const isKept = (form: HTMLFormElement): boolean => form.querySelector('[type=password]') === null;

function read(): Kept | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(kept: Kept | undefined): void {
  try {
    if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage, nothing is kept.
  }
}

/** What was sent has arrived. */
export const forgetTyping = (): void => write(undefined);

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const index = formsOf().indexOf(form);
  if (event.defaultPrevented || index < 0 || !isKept(form)) return;
  const fields = [...new FormData(form)].flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && name !== UNKEPT ? [[name, value]] : [],
  );
  const path = form.dataset['page'] ?? location.pathname + location.search;
  write({ path, form: index, fields, stage: 'sent' });
});

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function fill(form: HTMLFormElement, { fields }: Kept): void {
  for (const field of form.querySelectorAll<Field>('input:not([type=hidden]), select, textarea')) {
    const values = fields.flatMap(([name, value]) => (name === field.name ? [value] : []));
    if (!setValue(field, values)) continue;
    field.closest('details')?.toggleAttribute('open', true);
    field.dispatchEvent(
      new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    );
  }
}

/** @param values those that were sent with the name of the field @returns whether the field has changed */
function setValue(field: Field, values: readonly string[]): boolean {
  if (field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)) {
    const isChecked = values.includes(field.value);
    if (field.checked === isChecked) return false;
    field.checked = isChecked;
    return true;
  }
  const [value] = values;
  if (field.type === 'file' || value === undefined || field.value === value) return false;
  field.value = value;
  return true;
}

/** Sends what was kept to an address that shows it. */
function send(form: HTMLFormElement, action: string, kept: Kept): void {
  const sender = document.createElement('form');
  Object.assign(sender, { method: 'post', action, hidden: true });
  const csrf = form.querySelector<HTMLInputElement>('[name=csrf]');
  for (const [name, value] of [['csrf', csrf?.value ?? ''], ...kept.fields] as [string, string][]) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value });
    sender.append(field);
  }
  document.body.append(sender);
  write({ ...kept, stage: 'shown' });
  sender.submit();
}

function tell(form: HTMLFormElement): void {
  const note = document.createElement('p');
  note.className = 'alert alert-warning';
  note.setAttribute('role', 'status');
  note.textContent = 'Your session had expired. What you typed is here again; it is not saved yet.';
  form.prepend(note);
}

/** The page to which a form was to be sent, without what was typed. */
function restore(kept: Kept): void {
  write(undefined);
  const form = formsOf()[kept.form];
  if (!form) return;
  if (kept.stage === 'shown') tell(form);
  else if (kept.path === location.pathname + location.search) {
    const { restore: action } = form.dataset;
    if (action !== undefined) send(form, action, kept);
    else {
      fill(form, kept);
      tell(form);
    }
  }
}

/** A page that leads back to the form: the login page, or one that says that the form is outdated. @returns whether it is one */
function leadBack(kept: Kept): boolean {
  const next = document.querySelector<HTMLInputElement>('main form [name=next]');
  const link = document.querySelector<HTMLAnchorElement>('a[data-form-again]');
  if (next && location.pathname.startsWith('/login')) next.value = kept.path;
  else if (link) {
    link.href = kept.path;
    link.hidden = false;
  } else return false;
  write({ ...kept, stage: 'returning' });
  return true;
}

const kept = read();
if (kept && !leadBack(kept)) {
  if (kept.stage === 'sent') write(undefined);
  else restore(kept);
}
