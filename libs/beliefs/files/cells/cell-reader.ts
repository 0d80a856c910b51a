import { quoted } from '#lib/errors';
import { ZoneClock } from '#lib/time';
import { MAX_NUMBER_LENGTH } from '#lib/units';
import type { BeliefFileOptions, ValueKind } from '../format/belief-file';
import { DateTimeReader } from './datetime-reader';
import type { Fields } from './fields';
import { FirstOccurrence, Localiser } from './localiser';
import { MissingValues } from './missing-values';
import { NumberReader } from './number-reader';
import { timedeltaSeconds } from './timedelta-text';

/** Digits as in dates and times, whether or not there is such a moment. */
const DATE_SHAPE = /\d[-/.]\d{1,2}[-/.]\d|\d{8}|\d:\d\d/;

/** A cell does not hold what its column should. */
export class BadCell extends Error {
  constructor(
    readonly cell: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Reads single cells by the options of a file. All methods throw BadCell. */
export class CellReader {
  /** Whether the last cell was a datetime in an hour that the local clock shows twice. */
  wasAmbiguous = false;
  private readonly dates: DateTimeReader;
  private readonly numbers: NumberReader;
  private readonly missing: MissingValues;
  private readonly valueKind: ValueKind;
  private readonly eventClock: Localiser | undefined;
  private readonly beliefClock: Localiser | undefined;
  private readonly valueClock: FirstOccurrence | undefined;
  /** Readers of their own: judging a header must not settle the order of day and month. */
  private readonly judges = [new DateTimeReader(true), new DateTimeReader(false)];

  constructor(options: BeliefFileOptions) {
    this.dates = new DateTimeReader(options.dayFirst, options.dayFirstRemedy);
    this.numbers = new NumberReader(options.decimal, options.thousands);
    this.missing = new MissingValues(options.naValues, options.keepDefaultNa);
    this.valueKind = options.valueKind ?? 'number';
    const zone = options.timezone;
    this.eventClock = zone === undefined ? undefined : new Localiser(new ZoneClock(zone));
    this.beliefClock = zone === undefined ? undefined : new Localiser(new ZoneClock(zone), false);
    this.valueClock = zone === undefined ? undefined : new FirstOccurrence(new ZoneClock(zone));
  }

  /** The value, in seconds for datetimes and timedeltas; NaN when there is none. */
  value(fields: Fields, cell: number): number {
    this.wasAmbiguous = false;
    if (cell >= fields.count || !fields.trim(cell)) return this.emptyValue(cell);
    if (
      this.valueKind === 'number' &&
      this.numbers.read(fields.bytes, fields.starts[cell]!, fields.ends[cell]!)
    ) {
      const { value } = this.numbers;
      return this.missing.hasNumber(value) ? NaN : value;
    }
    return this.valueOfText(fields, cell);
  }

  /**
   * The instant (epoch ms) in a column of event starts.
   *
   * @param beliefTime of the row, epoch ms; NaN when there is none
   */
  eventStart(fields: Fields, cell: number, beliefTime: number): number {
    if (cell >= fields.count || !fields.trim(cell)) throw new BadCell(cell, 'the datetime is missing');
    return this.instant(fields, cell, this.eventClock, beliefTime);
  }

  /** The instant (epoch ms) in a column of recording times; NaN when there is none. */
  beliefTime(fields: Fields, cell: number): number {
    this.wasAmbiguous = false;
    if (cell >= fields.count || !fields.trim(cell)) return NaN;
    if (this.missing.hasTime(fields.text(cell))) return NaN;
    return this.instant(fields, cell, this.beliefClock);
  }

  /** Whether the cell holds a datetime in a form that can be read. */
  isDateTime(text: string): boolean {
    if (text === '') return false;
    const bytes = Buffer.from(text);
    return this.judges.some((judge) => judge.read(bytes, 0, bytes.length));
  }

  /**
   * Whether a first row is a header, by what it holds where an event start and a value are expected: something that is
   * no date, not even a wrong one, since a row of data must not be passed over.
   */
  looksLikeHeader(date: string, value: string): boolean {
    if (DATE_SHAPE.test(date)) return false;
    const isPossibleStart = /^\d/.test(date) || date === '' || this.missing.hasTime(date);
    return !(isPossibleStart && (this.isValue(value) || DATE_SHAPE.test(value)));
  }

  /** Whether the cell could be a value, or says that there is none. */
  private isValue(text: string): boolean {
    const bytes = Buffer.from(text);
    if (this.missing.hasText(text) || this.numbers.read(bytes, 0, bytes.length)) return true;
    return this.valueKind === 'datetime' ? this.isDateTime(text) : timedeltaSeconds(text) !== undefined;
  }

  /** Whether the cell holds a text, or the same number in another writing. */
  equals(fields: Fields, cell: number, wanted: string): boolean {
    const text = fields.text(cell);
    if (text === wanted) return true;
    return text !== '' && wanted !== '' && Number(text) === Number(wanted);
  }

  private emptyValue(cell: number): number {
    if (this.missing.hasText('')) return NaN;
    throw new BadCell(cell, 'the value is missing');
  }

  private valueOfText(fields: Fields, cell: number): number {
    const text = fields.text(cell);
    if (this.valueKind === 'number' ? this.missing.hasText(text) : this.missing.hasTime(text)) return NaN;
    switch (this.valueKind) {
      case 'number':
        throw new BadCell(cell, `${quoted(text)} is not a number${lengthReason(text)}`);
      case 'timedelta': {
        const seconds = timedeltaSeconds(text);
        if (seconds === undefined) throw new BadCell(cell, `${quoted(text)} is not a length of time`);
        return seconds;
      }
      case 'datetime':
        return this.instant(fields, cell, this.valueClock) / 1000;
    }
  }

  private instant(
    fields: Fields,
    cell: number,
    clock: Localiser | FirstOccurrence | undefined,
    beliefTime?: number,
  ): number {
    const { dates } = this;
    if (!dates.read(fields.bytes, fields.starts[cell]!, fields.ends[cell]!))
      throw new BadCell(cell, dates.reason);
    this.wasAmbiguous = false;
    if (dates.isAware) return dates.ms;
    if (!clock) {
      const text = fields.text(cell);
      throw new BadCell(
        cell,
        `${quoted(text)} names no offset from UTC, and no timezone was given for the file`,
      );
    }
    const instantMs = clock.toInstant(dates.ms, beliefTime);
    if (instantMs !== instantMs) {
      throw new BadCell(cell, `${quoted(fields.text(cell))} does not exist there: the clocks skip it`);
    }
    this.wasAmbiguous = clock.wasAmbiguous;
    return instantMs;
  }
}

const lengthReason = (text: string): string =>
  text.length > MAX_NUMBER_LENGTH ? `: it is longer than ${MAX_NUMBER_LENGTH} characters` : '';
