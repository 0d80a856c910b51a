import type { KeepRule } from '#lib/beliefs/files';
import type { PartialRule } from '#lib/beliefs/model';
import { Field } from '../../http/schema/field';
import { choice, flag, instant, integer, list, text, timeZone, type Kind } from '../../http/schema/kinds';
import { ReceivedFile } from '../../http/uploads/upload-form';
import { horizon } from './sensor-data.dto';

/** An uploaded file; a text field with this name is invalid. */
const file: Kind = {
  schema: { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' },
  explain: (value) =>
    value instanceof ReceivedFile ? undefined : 'Not a file. Send the content as a file of the form.',
  readWhole: (value) => value,
};

/** Texts in fields of the same name. One alone arrives as a text. */
function texts(maxItems: number): Kind {
  const kind = list(text(), { maxItems });
  return { ...kind, explain: (value) => kind.explain(typeof value === 'string' ? [value] : value) };
}

/** The options to read files with data of a sensor, one event per row. */
export class ReadingOptions {
  @Field(text(), { optional: true })
  unit?: string;

  @Field(timeZone(), { optional: true })
  timezone?: string;

  @Field(instant(), { optional: true })
  prior?: string;

  @Field(horizon, { optional: true })
  horizon?: string;

  @Field(texts(6), { default: ['0'] })
  datecol?: string | string[];

  @Field(text(), { default: '1' })
  valuecol?: string;

  @Field(text(), { optional: true })
  beliefcol?: string;

  @Field(integer({ minimum: 0 }), { optional: true })
  skiprows?: number;

  @Field(integer({ minimum: 0 }), { optional: true })
  nrows?: number;

  @Field(texts(20), { optional: true })
  na_values?: string | string[];

  @Field(flag(), { optional: true })
  keep_default_na?: boolean;

  @Field(flag(), { optional: true })
  day_first?: boolean;

  @Field(text({ maxLength: 100 }), { optional: true })
  date_format?: string;

  @Field(choice('start', 'end'), { default: 'start' })
  stamps?: 'start' | 'end';

  @Field(flag(), { default: false })
  time_weighted?: boolean;

  @Field(choice('unknown', 'scale'), { default: 'unknown' })
  partial?: PartialRule;

  @Field(choice('first', 'last', 'mean', 'sum'), { optional: true })
  keep?: KeepRule;

  @Field(flag(), { default: false })
  skip_bad_rows?: boolean;

  @Field(texts(10), { optional: true })
  filter_column?: string | string[];

  @Field(texts(10), { optional: true })
  filter_value?: string | string[];

  @Field(text(), { default: ',' })
  delimiter?: string;

  @Field(text(), { default: '.' })
  decimal?: string;

  @Field(text(), { optional: true })
  thousands?: string;

  @Field(integer({ minimum: 0 }), { default: 0 })
  sheet_number?: number;
}

/** A file with data of a sensor, and the options to read it. */
export class DataUpload extends ReadingOptions {
  @Field(file)
  file!: ReceivedFile;
}

/** Largest number of files in one upload. */
export const MAX_FILES = 20;

/** Files with data of a sensor, and the options to read them. */
export class DataFilesUpload extends ReadingOptions {
  @Field(list(file, { minItems: 1, maxItems: MAX_FILES }))
  'uploaded-files'!: ReceivedFile[];

  @Field(flag(), { default: false })
  'belief-time-measured-instantly'?: boolean;
}
