import type { FlexGroup, TypedKind } from '#lib/scheduling/model/flex';
import { problemOf } from './check-row';
import { SeriesGrid } from './series-grid';

/**
 * Checks the rows of the form `flexibility` while someone types, hides values of fields that are not set, offers sensors only
 * where a sensor is needed, and a table where times are.
 */
class Row {
  private readonly kind: HTMLSelectElement;
  private readonly input: HTMLInputElement | HTMLSelectElement;
  private readonly note: HTMLElement;
  private readonly chosen: HTMLElement;
  private readonly list: string | null;
  private readonly group: FlexGroup;
  private readonly name: string;
  private readonly grid: SeriesGrid | undefined;

  constructor(
    private readonly row: HTMLElement,
    private readonly units: ReadonlyMap<number, string>,
    private readonly zone: string,
  ) {
    this.kind = row.querySelector('select')!;
    this.input = row.querySelector<HTMLInputElement | HTMLSelectElement>('.flex-value > :is(input, select)')!;
    this.note = row.querySelector('.invalid-feedback')!;
    this.chosen = row.querySelector('.flex-chosen')!;
    this.list = this.input.getAttribute('list');
    [this.group, this.name] = this.input.name.split('.') as [FlexGroup, string];
    const { series } = row.dataset;
    const label = row.querySelector('label')!.textContent;
    if (series !== undefined && this.input instanceof HTMLInputElement)
      this.grid = new SeriesGrid(this.input, label, zone, series);
    this.kind.addEventListener('change', () => {
      this.show();
      if (this.isSeries) this.grid?.focus();
      else if (this.kind.value !== 'none') this.input.focus();
      this.check();
    });
    this.input.addEventListener('input', () => {
      this.grid?.follow();
      this.check();
    });
    this.show();
  }

  private get isSeries(): boolean {
    return this.kind.value === 'series';
  }

  private show(): void {
    this.grid?.show(this.isSeries);
    this.row.dataset['kind'] = this.kind.value;
    if (this.list !== null && this.kind.value === 'sensor') this.input.setAttribute('list', this.list);
    else this.input.removeAttribute('list');
  }

  private check(): void {
    const typed = { kind: this.kind.value as TypedKind, text: this.input.value };
    const problem = problemOf(this.group, this.name, typed, this.units, this.zone);
    this.note.textContent = problem ?? '';
    this.input.classList.toggle('is-invalid', problem !== undefined);
    if (problem === undefined) this.input.removeAttribute('aria-invalid');
    else this.input.setAttribute('aria-invalid', 'true');
    this.chosen.textContent = this.kind.value === 'sensor' ? this.namesOfSensors() : '';
  }

  private namesOfSensors(): string {
    const options = [...(document.getElementById(this.list ?? '')?.querySelectorAll('option') ?? [])];
    const names = this.input.value.split(',').map((id) => options.find(({ value }) => value === id.trim()));
    return names.flatMap((option) => option?.textContent ?? []).join('; ');
  }
}

const form = document.getElementById('flexibility');
if (form) {
  const units = Object.entries(JSON.parse(form.dataset['units'] ?? '{}') as Record<string, string>);
  const known = new Map(units.map(([id, unit]) => [Number(id), unit]));
  for (const row of form.querySelectorAll<HTMLElement>('.flex-row'))
    new Row(row, known, form.dataset['zone'] ?? 'UTC');
}
