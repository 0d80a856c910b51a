import { joinRows, splitRows, type SeriesRow } from '#lib/scheduling/model/flex';

const COLUMNS: [name: keyof SeriesRow, label: string][] = [
  ['start', 'Start'],
  ['until', 'End'],
  ['value', 'Value'],
];

const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d$/;

/**
 * Shows the rows of a series in a table, one time or value in each cell. The input keeps the text of all rows, which is what is
 * sent, and what people without scripts type.
 */
export class SeriesGrid {
  private readonly table = document.createElement('div');
  private readonly columns: typeof COLUMNS;
  /** The text that the table shows. */
  private shown: string | undefined;

  /**
   * @param label of the field
   * @param zone of the times
   * @param forms names of what rows may have: `values`, `instants`
   */
  constructor(
    private readonly input: HTMLInputElement,
    private readonly label: string,
    private readonly zone: string,
    forms: string,
  ) {
    const hasInstants = forms.includes('instants');
    this.columns = COLUMNS.filter(([name]) => name !== 'value' || forms.includes('values')).map(
      ([name, title]) => [name, name === 'until' && hasInstants ? 'End (empty: at the start)' : title],
    );
    this.table.className = 'flex-series';
    this.table.hidden = true;
    input.after(this.table);
  }

  /** Shows the table in place of the input, or the input. */
  show(isShown: boolean): void {
    this.table.hidden = !isShown;
    this.input.hidden = isShown;
    if (isShown) this.follow();
  }

  /** Moves to the first cell. */
  focus(): void {
    this.table.querySelector('input')?.focus();
  }

  /** Shows the text of the input, if it is not what the table shows. */
  follow(): void {
    if (this.table.hidden || this.input.value === this.shown) return;
    this.shown = this.input.value;
    const rows = splitRows(this.shown).filter(({ start }) => LOCAL.test(start));
    this.draw(rows.length > 0 ? rows : [EMPTY]);
  }

  private draw(rows: readonly SeriesRow[]): void {
    const head = row('div', 'flex-series-head');
    head.append(...this.columns.map(([, title]) => textOf('span', title)), textOf('span', ''));
    const add = button('Add a row', () => {
      const all = this.read();
      this.draw([...all, after(all.at(-1))]);
      this.table.querySelector<HTMLInputElement>('.flex-series-row:last-of-type input')?.focus();
      this.write();
    });
    const note = textOf('p', `Times in ${this.zone}.`);
    note.className = 'quiet mb-0';
    this.table.replaceChildren(head, ...rows.map((one, i) => this.rowOf(one, i)), add, note);
  }

  private rowOf(shown: SeriesRow, index: number): HTMLElement {
    const line = row('div', 'flex-series-row');
    const cells = this.columns.map(([name, title]) => {
      const cell = document.createElement('input');
      const isTime = name !== 'value' && (shown[name] === '' || LOCAL.test(shown[name]));
      cell.type = isTime ? 'datetime-local' : 'text';
      cell.className = 'form-control form-control-sm';
      cell.value = isTime ? shown[name].replace(' ', 'T') : shown[name];
      cell.dataset['part'] = name;
      cell.setAttribute('aria-label', `${this.label}, row ${index + 1}: ${title}`);
      cell.addEventListener('input', (event) => {
        // The form checks the whole text.
        event.stopPropagation();
        this.write();
      });
      return cell;
    });
    const remove = button('×', () => {
      line.remove();
      const rest = this.read();
      this.draw(rest.length > 0 ? rest : [EMPTY]);
      this.write();
    });
    remove.setAttribute('aria-label', `Remove row ${index + 1} of ${this.label}`);
    line.append(...cells, remove);
    return line;
  }

  private read(): SeriesRow[] {
    return [...this.table.querySelectorAll('.flex-series-row')].map((line) => {
      const parts = [...line.querySelectorAll('input')].map((cell) => [
        cell.dataset['part']!,
        cell.type === 'datetime-local' ? cell.value.replace('T', ' ') : cell.value.trim(),
      ]);
      return { ...EMPTY, ...(Object.fromEntries(parts) as Partial<SeriesRow>) };
    });
  }

  /** Rows without anything are not sent. */
  private write(): void {
    const rows = this.read().filter(({ start, until, value }) => start + until + value !== '');
    this.shown = this.input.value = joinRows(rows);
    this.input.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

const EMPTY: SeriesRow = { start: '', until: '', value: '' };

/** A row that begins where the one before it ends. */
const after = (row: SeriesRow | undefined): SeriesRow =>
  row && LOCAL.test(row.until) ? { ...EMPTY, start: row.until, value: row.value } : EMPTY;

function row(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function textOf(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function button(text: string, onClick: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  Object.assign(element, {
    type: 'button',
    className: 'btn btn-outline-secondary btn-sm',
    textContent: text,
  });
  element.addEventListener('click', onClick);
  return element;
}
