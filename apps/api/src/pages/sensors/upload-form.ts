/** A choice about how a file is read: its name in the API, and how the form asks for it. */
export interface UploadChoice {
  name: string;
  label: string;
  help: string;
  type: 'text' | 'number' | 'checkbox' | 'select' | 'datetime-local';
  options?: [value: string, text: string][];
  /** What the form has at first. */
  value?: string;
}

/** A group of choices; the first one is open. */
export interface UploadChoices {
  title: string;
  choices: UploadChoice[];
}

const text = (name: string, label: string, help: string, value = ''): UploadChoice => ({
  ...{ name, label, help, value },
  type: 'text',
});
const tick = (name: string, label: string, help: string): UploadChoice => ({
  ...{ name, label, help },
  type: 'checkbox',
});
const count = (name: string, label: string, help: string): UploadChoice => ({
  ...{ name, label, help },
  type: 'number',
});

/** All choices that the import offers, as the API names them. */
export const UPLOAD_CHOICES: readonly UploadChoices[] = [
  {
    title: 'Columns',
    choices: [
      text(
        'datecol',
        'Column of times',
        'Its name, or its number from 0. Several with commas: date, time.',
        '0',
      ),
      text('valuecol', 'Column of values', 'Its name, or its number from 0.', '1'),
      text('unit', 'Unit of the values', 'If it is not that of the sensor, such as kWh or ct/kWh.'),
      text('beliefcol', 'Column of recording times', 'If the file says when values became known.'),
    ],
  },
  {
    title: 'Times',
    choices: [
      text('timezone', 'Time zone of the file', 'Of times that name none, such as Europe/Amsterdam.'),
      {
        ...{ name: 'stamps', label: 'A time is', type: 'select', help: 'Many meters write the end.' },
        options: [
          ['start', 'the start of its event'],
          ['end', 'the end of its event'],
        ],
      },
      text('date_format', 'Format of times', 'If they are not recognised, such as %d.%m.%Y %H:%M.'),
      {
        ...{ name: 'day_first', label: '01/02/2024 is', type: 'select', help: '' },
        options: [
          ['', 'found out from the file'],
          ['true', '1 February'],
          ['false', '2 January'],
        ],
      },
      {
        ...{ name: 'prior', label: 'Known since', type: 'datetime-local' },
        help: 'When all values became known. Empty: now.',
      },
    ],
  },
  {
    title: 'How the file is written',
    choices: [
      text('delimiter', 'Separator of columns', 'Comma, semicolon, or \\t for tabs.', ','),
      text('decimal', 'Decimal point', 'Point or comma.', '.'),
      text('thousands', 'Separator of thousands', 'Empty for none.'),
      count('skiprows', 'Lines to skip at the top', 'Lines above the names of columns are skipped anyway.'),
      count('nrows', 'Rows to read', 'Empty: all.'),
      count('sheet_number', 'Number of the sheet', 'Of a spreadsheet, from 0.'),
    ],
  },
  {
    title: 'Special rows',
    choices: [
      text('filter_column', 'Only rows whose column', 'Name of a column, such as Register.'),
      text('filter_value', 'has the value', 'Such as Off-peak.'),
      text('na_values', 'Texts for missing values', 'The usual ones are known. Several with commas.'),
      {
        ...{ name: 'keep', label: 'Of several values about one event, keep', type: 'select', help: '' },
        options: [
          ['', 'none: refuse the file'],
          ...['first', 'last', 'mean', 'sum'].map((one): [string, string] => [one, `the ${one}`]),
        ],
      },
      {
        ...{ name: 'partial', label: 'Energy of which the file has a part', type: 'select', help: '' },
        options: [
          ['unknown', 'stays unknown'],
          ['scale', 'is scaled up to the whole event'],
        ],
      },
      tick('time_weighted', 'Readings at irregular times', 'They become time-weighted means.'),
      tick('skip_bad_rows', 'Skip rows that cannot be read', 'They are counted.'),
    ],
  },
];

const CHOICES = UPLOAD_CHOICES.flatMap(({ choices }) => choices);

/** Names of the fields of the form. */
export const UPLOAD_FIELDS: readonly string[] = ['file', ...CHOICES.map(({ name }) => name)];

/** Fields with several texts, which the form separates by commas. */
const LISTS = ['datecol', 'na_values'];

/** What the form has at first. @param timezone of the sensor, which is mostly that of the file */
export const emptyUpload = (timezone: string): Record<string, string> => ({
  ...Object.fromEntries(CHOICES.map(({ name, value = '' }) => [name, value])),
  timezone,
});

/** The texts that were sent, for showing them again. */
export const shownUpload = (fields: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(CHOICES.map(({ name }) => [name, typeof fields[name] === 'string' ? fields[name] : '']));

/**
 * The form as a request of the API: without empty fields.
 * @param toInstant makes an instant of a local time
 */
export function toUploadBody(
  fields: Record<string, unknown>,
  toInstant: (local: string) => string,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { name, type } of CHOICES) {
    const value = fields[name];
    const trimmed = typeof value !== 'string' ? '' : name === 'delimiter' ? value : value.trim();
    if (trimmed === '') continue;
    if (type === 'checkbox') body[name] = 'true';
    else if (LISTS.includes(name)) body[name] = trimmed.split(',').map((one) => one.trim());
    else body[name] = name === 'prior' ? toInstant(trimmed) : trimmed;
  }
  if (fields['file'] !== undefined) body['file'] = fields['file'];
  return body;
}
