import type { FlexGroup, TypedKind } from '#lib/scheduling/model/flex';
import { problemOf } from './check-row';

/**
 * Checks the rows of the form `flexibility` while someone types, hides values of fields that are not set, and offers sensors
 * only where a sensor is needed.
 */
class Row {
  private readonly kind: HTMLSelectElement;
  private readonly input: HTMLInputElement | HTMLSelectElement;
  private readonly note: HTMLElement;
  private readonly chosen: HTMLElement;
  private readonly list: string | null;
  private readonly group: FlexGroup;
  private readonly name: string;

  constructor(
    private readonly row: HTMLElement,
    private readonly units: ReadonlyMap<number, string>,
  ) {
    this.kind = row.querySelector('select')!;
    this.input = row.querySelector<HTMLInputElement | HTMLSelectElement>('.flex-value > :is(input, select)')!;
    this.note = row.querySelector('.invalid-feedback')!;
    this.chosen = row.querySelector('.flex-chosen')!;
    this.list = this.input.getAttribute('list');
    [this.group, this.name] = this.input.name.split('.') as [FlexGroup, string];
    this.kind.addEventListener('change', () => {
      this.show();
      if (this.kind.value !== 'none') this.input.focus();
      this.check();
    });
    this.input.addEventListener('input', () => this.check());
    this.show();
  }

  private show(): void {
    this.row.dataset['kind'] = this.kind.value;
    if (this.list !== null && this.kind.value === 'sensor') this.input.setAttribute('list', this.list);
    else this.input.removeAttribute('list');
  }

  private check(): void {
    const typed = { kind: this.kind.value as TypedKind, text: this.input.value };
    const problem = problemOf(this.group, this.name, typed, this.units);
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
  for (const row of form.querySelectorAll<HTMLElement>('.flex-row')) new Row(row, known);
}
