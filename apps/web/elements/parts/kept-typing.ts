/**
 * Keeps what was typed if the session has expired when a form is sent: the login page leads back to the form, and the form has
 * everything again. Only this tab keeps it, and only until the next page.
 */
interface Kept {
  path: string;
  /** Position of the form among those of its page. */
  form: number;
  fields: [name: string, value: string][];
  /** Whether the login page was shown in between. */
  isReturning?: boolean;
}

const KEY = 'typed';
const UNKEPT = ['csrf', 'version'];

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

document.addEventListener('submit', ({ target }) => {
  const form = target as HTMLFormElement;
  const index = formsOf().indexOf(form);
  if (index < 0 || !isKept(form)) return;
  const fields = [...new FormData(form)].flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && !UNKEPT.includes(name) ? [[name, value]] : [],
  );
  write({ path: location.pathname + location.search, form: index, fields });
});

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function restore({ form: index, fields }: Kept): void {
  const form = formsOf()[index];
  if (!form) return;
  for (const field of form.querySelectorAll<Field>('input:not([type=hidden]), select, textarea')) {
    const [, value] = fields.find(([name]) => name === field.name) ?? [];
    if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value !== undefined;
    else if (field.type !== 'file' && value !== undefined) field.value = value;
    field.closest('details')?.toggleAttribute('open', true);
    field.dispatchEvent(
      new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    );
  }
  const note = document.createElement('p');
  note.className = 'alert alert-warning';
  note.setAttribute('role', 'status');
  note.textContent = 'Your session had expired. What you typed is here again; it is not saved yet.';
  form.prepend(note);
}

const kept = read();
const next = document.querySelector<HTMLInputElement>('main form [name=next]');
if (kept && next && location.pathname.startsWith('/login')) {
  next.value = kept.path;
  write({ ...kept, isReturning: true });
} else if (kept) {
  write(undefined);
  if (kept.isReturning === true && kept.path === location.pathname + location.search) restore(kept);
}
