import type { FlexGroup, TypedKind } from '#lib/scheduling/model/flex';
import { problemOf } from './check-row';
import { SeriesGrid } from './series-grid';

/**
 * Checks the rows of a form about flexibility while someone types, hides values of fields that are not set, offers sensors only
 * where a sensor is needed, and a table where times are. Rows without a choice how the value is given are about times.
 */
class Row {
  private readonly kind: HTMLSelectElement | null;
  private readonly input: HTMLInputElement | HTMLSelectElement;
  private readonly note: HTMLElement;
  private readonly chosen: HTMLElement | null;
  private readonly list: string | null;
  private readonly group: FlexGroup;
  private readonly name: string;
  private readonly grid: SeriesGrid | undefined;

  constructor(
    private readonly row: HTMLElement,
    private readonly units: ReadonlyMap<number, string>,
    private readonly zone: string,
  ) {
    this.kind = row.querySelector<HTMLSelectElement>(':scope > select');
    this.input = row.querySelector<HTMLInputElement | HTMLSelectElement>('.flex-value > :is(input, select)')!;
    this.note = row.querySelector('.invalid-feedback')!;
    this.chosen = row.querySelector('.flex-chosen');
    this.list = this.input.getAttribute('list');
    const { series, group, field } = row.dataset;
    [this.group, this.name] = [group as FlexGroup, field!];
    const label = row.querySelector('label')!.textContent;
    if (series !== undefined && this.input instanceof HTMLInputElement)
      this.grid = new SeriesGrid(this.input, label, zone, series);
    this.kind?.addEventListener('change', () => {
      this.show();
      if (this.isSeries) this.grid?.focus();
      else if (this.kindOf() !== 'none') this.input.focus();
      this.check();
    });
    this.input.addEventListener('input', () => {
      this.grid?.follow();
      this.check();
    });
    this.show();
  }

  private get isSeries(): boolean {
    return this.kind === null || this.kind.value === 'series';
  }

  private kindOf(): TypedKind {
    if (this.kind !== null) return this.kind.value as TypedKind;
    return this.input.value.trim() === '' ? 'none' : 'series';
  }

  private show(): void {
    const section = this.row.closest('details');
    if (section?.open === false) section.addEventListener('toggle', () => this.show(), { once: true });
    this.grid?.show(this.isSeries && section?.open !== false);
    const kind = this.kindOf();
    if (this.kind !== null) this.row.dataset['kind'] = kind;
    if (this.list !== null && kind === 'sensor') this.input.setAttribute('list', this.list);
    else this.input.removeAttribute('list');
  }

  private check(): void {
    const typed = { kind: this.kindOf(), text: this.input.value };
    const problem = problemOf(this.group, this.name, typed, this.units, this.zone);
    this.note.textContent = problem ?? '';
    this.input.classList.toggle('is-invalid', problem !== undefined);
    if (problem === undefined) this.input.removeAttribute('aria-invalid');
    else this.input.setAttribute('aria-invalid', 'true');
    if (this.chosen !== null) this.chosen.textContent = typed.kind === 'sensor' ? this.namesOfSensors() : '';
  }

  private namesOfSensors(): string {
    const options = [...(document.getElementById(this.list ?? '')?.querySelectorAll('option') ?? [])];
    const names = this.input.value.split(',').map((id) => options.find(({ value }) => value === id.trim()));
    return names.flatMap((option) => option?.textContent ?? []).join('; ');
  }
}

for (const form of document.querySelectorAll<HTMLElement>('form[data-zone]')) {
  const units = Object.entries(JSON.parse(form.dataset['units'] ?? '{}') as Record<string, string>);
  const known = new Map(units.map(([id, unit]) => [Number(id), unit]));
  for (const row of form.querySelectorAll<HTMLElement>('.flex-row'))
    new Row(row, known, form.dataset['zone'] ?? 'UTC');
}
