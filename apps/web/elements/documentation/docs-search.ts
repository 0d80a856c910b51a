import MiniSearch, { type AsPlainObject, type Options } from 'minisearch';

/** Most results that are shown. */
const MOST = 12;

/** The index that the build has written, with its options. */
interface SearchFile {
  options: Options;
  index: AsPlainObject;
}

/** A part of a page that was found. */
interface Found {
  id: string;
  title: string;
  page: string;
  excerpt: string;
}

const form = document.querySelector<HTMLFormElement>('.docs-search');
if (form) prepare(form);

/** Searches as people type. The index is loaded at the first use. The form is hidden without scripts. */
function prepare(form: HTMLFormElement): void {
  const input = form.querySelector('input')!;
  const results = form.querySelector<HTMLElement>('.docs-results')!;
  let index: Promise<MiniSearch> | undefined;
  const load = () => (index ??= loadIndex(form.dataset['index']!));
  const search = async () => {
    const asked = input.value.trim();
    const found = asked === '' ? [] : find(await load(), asked);
    if (input.value.trim() !== asked) return;
    results.hidden = asked === '';
    results.replaceChildren(...(found.length > 0 ? found.map(entry) : [nothing(asked)]));
  };
  form.hidden = false;
  input.addEventListener('focus', () => void load());
  input.addEventListener('input', () => void search());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    results.querySelector('a')?.click();
  });
  form.addEventListener('keydown', (event) => move(event, input, results));
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    input.focus();
  });
  document.addEventListener('click', ({ target }) => {
    if (!form.contains(target as Node)) results.hidden = true;
  });
}

async function loadIndex(url: string): Promise<MiniSearch> {
  const { options, index } = (await (await fetch(url)).json()) as SearchFile;
  return MiniSearch.loadJS(index, options);
}

function find(index: MiniSearch, asked: string): Found[] {
  const options = { prefix: true, fuzzy: 0.15, boost: { title: 4, page: 2 } };
  const all = index.search(asked, { ...options, combineWith: 'AND' });
  const found = all.length > 0 ? all : index.search(asked, options);
  return found.slice(0, MOST) as unknown as Found[];
}

function entry({ id, title, page, excerpt }: Found): HTMLElement {
  const link = document.createElement('a');
  link.href = id;
  const name = document.createElement('strong');
  name.textContent = title === page ? title : `${title} (${page})`;
  const text = document.createElement('span');
  text.textContent = excerpt;
  link.append(name, text);
  return link;
}

function nothing(asked: string): HTMLElement {
  const text = document.createElement('p');
  text.textContent = `Nothing found for "${asked}".`;
  return text;
}

/** Arrow keys move between the results, Escape closes them. */
function move(event: KeyboardEvent, input: HTMLInputElement, results: HTMLElement): void {
  const stops = [input, ...results.querySelectorAll('a')];
  const at = stops.indexOf(document.activeElement as HTMLAnchorElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape') {
    results.hidden = true;
    input.focus();
  }
  if (step === undefined) return;
  event.preventDefault();
  stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus();
}
