/** The na_values of pandas.read_csv. */
const PANDAS_TEXTS =
  '|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split(
    '|',
  );

/** Texts of market platforms, weather services and home automation. */
const EXPORT_TEXTS = ['-', '--', '\u2013', '\u2014', 'n/e', 'unavailable', 'unknown'];

/** Recognises missing values. */
export class MissingValues {
  private readonly texts: ReadonlySet<string>;
  private readonly numbers: readonly number[];

  /** @param extra further texts for missing values; a number matches in any notation */
  constructor(
    extra: readonly string[] = [],
    private readonly keepDefault = true,
  ) {
    this.texts = new Set([
      ...(keepDefault ? [...PANDAS_TEXTS, ...EXPORT_TEXTS] : []),
      ...extra.map((text) => text.trim()),
    ]);
    this.numbers = extra.filter((text) => text.trim() !== '').map(Number);
  }

  hasText(text: string): boolean {
    return this.texts.has(text);
  }

  /** Whether a datetime is missing; `NaT` is the notation of pandas. */
  hasTime(text: string): boolean {
    return this.texts.has(text) || (this.keepDefault && text === 'NaT');
  }

  hasNumber(value: number): boolean {
    return this.numbers.length > 0 && this.numbers.includes(value);
  }
}
