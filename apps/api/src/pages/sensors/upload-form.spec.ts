import { emptyUpload, toUploadBody, UPLOAD_FIELDS } from './upload-form';
import { ReadingOptions } from '../../v3/sensor-data/data-upload.dto';
import { validateFields } from '../../http/schema/validation';

describe('toUploadBody', () => {
  it('leaves out what is empty, and separates lists', () => {
    const fields = {
      ...emptyUpload('UTC'),
      datecol: 'date, time',
      delimiter: '\t',
      skip_bad_rows: 'on',
      prior: 'noon',
    };
    expect(toUploadBody(fields, (local) => `at ${local}`)).toEqual({
      datecol: ['date', 'time'],
      valuecol: '1',
      timezone: 'UTC',
      delimiter: '\t',
      decimal: '.',
      skip_bad_rows: 'true',
      prior: 'at noon',
    });
  });

  it('has only fields that the API knows', async () => {
    const all = Object.fromEntries(
      UPLOAD_FIELDS.filter((name) => name !== 'file').map((name) => [name, '1']),
    );
    const error: unknown = await validateFields(
      ReadingOptions,
      toUploadBody(all, (local) => local),
    ).catch((one: unknown) => one);
    expect(JSON.stringify(error)).not.toContain('Unknown field.');
  });
});
