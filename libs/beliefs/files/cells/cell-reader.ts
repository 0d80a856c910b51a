import { quoted } from '#lib/errors';
import { ZoneClock } from '#lib/time';
import { MAX_NUMBER_LENGTH } from '#lib/units';
import type { BeliefFileOptions, ValueKind } from '../format/belief-file';
import { DateTimeReader } from './datetime-reader';
import { joinDateCells } from './date-cells';
import { Fields } from './fields';
import { FirstOccurrence, Localiser } from './localiser';
import { MissingValues } from './missing-values';
import { NumberReader } from './number-reader';
import { timedeltaSeconds } from './timedelta-text';

/** Digits in the form of a date or time, also of one that does not exist. */
const DATE_SHAPE = /\d[-/.]\d{1,2}[-/.]\d|\d{8}|\d:\d\d/;

/** The content of a cell is invalid for its column. */
export class CellError extends Error {
  constructor(
    readonly cell: number,
    readonly reason: string,
    /** Whether an option is missing, so that the other rows have the same error. */
    readonly needsOption = false,
  ) {
    super(reason);
  }
}

/** Reads single cells with the options of a file. All methods throw CellError. */
export class CellReader {
  /** Whether the last cell was a local time that occurs twice. */
  wasAmbiguous = false;
  private readonly dates: DateTimeReader;
  private readonly numbers: NumberReader;
  private readonly missing: MissingValues;
  private readonly valueKind: ValueKind;
  private readonly eventClock: Localiser | undefined;
  private readonly beliefClock: Localiser | undefined;
  private readonly valueClock: FirstOccurrence | undefined;
  /** Separate readers: checking a header must not determine the order of day and month. */
  private readonly headerReaders: readonly DateTimeReader[];
  /** Holds the text of a datetime in several columns. */
  private readonly joined = new Fields();

  constructor(options: BeliefFileOptions) {
    const { dayFirstRemedy, dateFormat } = options;
    this.dates = new DateTimeReader(options.dayFirst, dayFirstRemedy, dateFormat);
    this.headerReaders = [true, false].map((isFirst) => new DateTimeReader(isFirst, undefined, dateFormat));
    this.numbers = new NumberReader(options.decimal, options.thousands);
    this.missing = new MissingValues(options.naValues, options.keepDefaultNa);
    this.valueKind = options.valueKind ?? 'number';
    const zone = options.timezone;
    this.eventClock = zone === undefined ? undefined : new Localiser(new ZoneClock(zone));
    this.beliefClock = zone === undefined ? undefined : new Localiser(new ZoneClock(zone), false);
    this.valueClock = zone === undefined ? undefined : new FirstOccurrence(new ZoneClock(zone));
  }

  /** How the first date with a year of two digits was read, if nothing else tells the order of its parts. */
  get shortYear(): DateTimeReader['shortYear'] {
    return this.dates.shortYear;
  }

  /** The value, in seconds for datetimes and timedeltas; NaN if it is missing. */
  readValue(fields: Fields, cell: number): number {
    this.wasAmbiguous = false;
    if (cell >= fields.count || !fields.trim(cell)) return this.readEmptyValue(cell);
    if (
      this.valueKind === 'number' &&
      this.numbers.read(fields.bytes, fields.starts[cell]!, fields.ends[cell]!)
    ) {
      const { value } = this.numbers;
      return this.missing.hasNumber(value) ? NaN : value;
    }
    return this.readTextValue(fields, cell);
  }

  /**
   * The instant (epoch ms) of a cell in the column of event starts.
   *
   * @param beliefTime belief time of the row, epoch ms; NaN if there is none
   */
  readEventStart(fields: Fields, cell: number, beliefTime: number): number {
    if (cell >= fields.count || !fields.trim(cell)) throw new CellError(cell, 'the datetime is missing');
    return this.readInstant(fields, cell, this.eventClock, beliefTime);
  }

  /** The same of a datetime in several columns. */
  readJoinedEventStart(fields: Fields, cells: readonly number[], beliefTime: number): number {
    const [first = 0] = cells;
    this.joined.setTexts([joinDateCells(cells.map((cell) => fields.text(cell)))]);
    try {
      return this.readEventStart(this.joined, 0, beliefTime);
    } catch (error) {
      throw error instanceof CellError ? new CellError(first, error.reason, error.needsOption) : error;
    }
  }

  /** The instant (epoch ms) of a cell in the column of belief times; NaN if it is missing. */
  readBeliefTime(fields: Fields, cell: number): number {
    this.wasAmbiguous = false;
    if (cell >= fields.count || !fields.trim(cell)) return NaN;
    if (this.missing.hasTime(fields.text(cell))) return NaN;
    return this.readInstant(fields, cell, this.beliefClock);
  }

  /** Whether the text is a datetime in a supported form. */
  isDateTime(text: string): boolean {
    if (text === '') return false;
    const bytes = Buffer.from(text);
    return this.headerReaders.some((judge) => judge.read(bytes, 0, bytes.length));
  }

  /** Whether the text is neither similar to a datetime nor a value. */
  isText(text: string): boolean {
    if (text === '' || this.missing.hasTime(text)) return true;
    return !DATE_SHAPE.test(text) && !this.isDateTime(text) && !this.isValue(text);
  }

  isMissing(text: string): boolean {
    return text === '' || this.missing.hasTime(text);
  }

  /** The error of a cell that is not a datetime. */
  dateError(text: string, cell: number): CellError {
    return new CellError(cell, `${quoted(text)} is not a datetime`);
  }

  /**
   * Whether the first row is a header: its cells for event start and value are not similar to a date and a value. Invalid
   * dates count as dates, so that a row of data is never skipped.
   */
  looksLikeHeader(date: string, value: string): boolean {
    if (DATE_SHAPE.test(date)) return false;
    const isPossibleStart = /^\d/.test(date) || date === '' || this.missing.hasTime(date);
    return !(isPossibleStart && (this.isValue(value) || DATE_SHAPE.test(value)));
  }

  /** Whether the text is a value or a missing value. */
  private isValue(text: string): boolean {
    const bytes = Buffer.from(text);
    if (this.missing.hasText(text) || this.numbers.read(bytes, 0, bytes.length)) return true;
    return this.valueKind === 'datetime' ? this.isDateTime(text) : timedeltaSeconds(text) !== undefined;
  }

  /** Whether the cell equals a text, or is the same number in another notation. */
  equals(fields: Fields, cell: number, wanted: string): boolean {
    const text = fields.text(cell);
    if (text === wanted) return true;
    return text !== '' && wanted !== '' && Number(text) === Number(wanted);
  }

  private readEmptyValue(cell: number): number {
    if (this.missing.hasText('')) return NaN;
    throw new CellError(cell, 'the value is missing');
  }

  private readTextValue(fields: Fields, cell: number): number {
    const text = fields.text(cell);
    if (this.valueKind === 'number' ? this.missing.hasText(text) : this.missing.hasTime(text)) return NaN;
    switch (this.valueKind) {
      case 'number':
        throw new CellError(cell, `${quoted(text)} is not a number${lengthReason(text)}`);
      case 'timedelta': {
        const seconds = timedeltaSeconds(text);
        if (seconds === undefined) throw new CellError(cell, `${quoted(text)} is not a length of time`);
        return seconds;
      }
      case 'datetime':
        return this.readInstant(fields, cell, this.valueClock) / 1000;
    }
  }

  private readInstant(
    fields: Fields,
    cell: number,
    clock: Localiser | FirstOccurrence | undefined,
    beliefTime?: number,
  ): number {
    const { dates } = this;
    if (!dates.read(fields.bytes, fields.starts[cell]!, fields.ends[cell]!))
      throw new CellError(cell, dates.reason, dates.isOrderMissing);
    this.wasAmbiguous = false;
    if (dates.isAware) return dates.ms;
    if (!clock) {
      const text = fields.text(cell);
      throw new CellError(
        cell,
        `${quoted(text)} names no offset from UTC, and no timezone was given for the file`,
        true,
      );
    }
    const instantMs = clock.toInstant(dates.ms, beliefTime);
    if (instantMs !== instantMs) {
      throw new CellError(cell, `${quoted(fields.text(cell))} does not exist there: the clocks skip it`);
    }
    this.wasAmbiguous = clock.wasAmbiguous;
    return instantMs;
  }
}

const lengthReason = (text: string): string =>
  text.length > MAX_NUMBER_LENGTH ? `: it is longer than ${MAX_NUMBER_LENGTH} characters` : '';
