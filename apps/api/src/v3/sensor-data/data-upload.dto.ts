import { Field } from '../../http/schema/field';
import { instant, integer, text, timeZone, type Kind } from '../../http/schema/kinds';
import { ReceivedFile } from '../../http/uploads/upload-form';
import { horizon } from './sensor-data.dto';

/** An uploaded file; a text field with this name is invalid. */
const file: Kind = {
  schema: { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' },
  explain: (value) =>
    value instanceof ReceivedFile ? undefined : 'Not a file. Send the content as a file of the form.',
  readWhole: (value) => value,
};

/** A file with data of a sensor, one event per row, and the options to read it. */
export class DataUpload {
  @Field(file)
  file!: ReceivedFile;

  @Field(text(), { optional: true })
  unit?: string;

  @Field(timeZone(), { optional: true })
  timezone?: string;

  @Field(instant(), { optional: true })
  prior?: string;

  @Field(horizon, { optional: true })
  horizon?: string;

  @Field(text(), { default: '0' })
  datecol?: string;

  @Field(text(), { default: '1' })
  valuecol?: string;

  @Field(text(), { optional: true })
  beliefcol?: string;

  @Field(integer({ minimum: 0 }), { optional: true })
  skiprows?: number;

  @Field(text(), { default: ',' })
  delimiter?: string;

  @Field(text(), { default: '.' })
  decimal?: string;

  @Field(text(), { optional: true })
  thousands?: string;

  @Field(integer({ minimum: 0 }), { default: 0 })
  sheet_number?: number;
}
