/** Texts that mean "no value" by default: those of pandas.read_csv (its na_values). */
const DEFAULT_TEXTS =
  '|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split(
    '|',
  );

/** Which cells have no value. */
export class MissingValues {
  private readonly texts: ReadonlySet<string>;
  private readonly numbers: readonly number[];

  /** @param extra further texts; one that is a number stands for that number however it is written */
  constructor(
    extra: readonly string[] = [],
    private readonly keepDefault = true,
  ) {
    this.texts = new Set([...(keepDefault ? DEFAULT_TEXTS : []), ...extra.map((text) => text.trim())]);
    this.numbers = extra.filter((text) => text.trim() !== '').map(Number);
  }

  hasText(text: string): boolean {
    return this.texts.has(text);
  }

  /** Whether a cell of times has none; `NaT` is how pandas writes that. */
  hasTime(text: string): boolean {
    return this.texts.has(text) || (this.keepDefault && text === 'NaT');
  }

  hasNumber(value: number): boolean {
    return this.numbers.length > 0 && this.numbers.includes(value);
  }
}
