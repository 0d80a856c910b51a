import fc from 'fast-check';
import { pick, short, type Change, type Template } from './template';

const BOUNDARY = 'some-boundary';

type Fields = NonNullable<Template['form']>;

/** An upload as it goes over the wire. */
export function multipart(fields: Fields, boundary = BOUNDARY): { type: string; bytes: Buffer } {
  const parts = fields.map(([name, value]) => {
    const isFile = typeof value !== 'string';
    const file = isFile ? `; filename="${value.name}"\r\nContent-Type: text/csv` : '';
    return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${isFile ? value.content : value}\r\n`;
  });
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    bytes: Buffer.from(`${parts.join('')}--${boundary}--\r\n`),
  };
}

const BAD_FILES = [
  'time,power\nnoon,1\n',
  'time,power\n2026-01-01T00:00:00Z,eleven\n',
  'time,power\n2026-01-01T00:00:00Z,1e400\n',
  'time,power\n2026-01-01T00:00:00Z,1\n2026-01-01T00:07:00Z,2\n',
  '\u0000\u0001\u0002\u0003',
  'x'.repeat(100_000),
  'PK\u0003\u0004 no spreadsheet',
];
const BAD_FIELDS: [string, string[]][] = [
  ['unit', ['blorp', 'EUR/MWh']],
  ['timezone', ['Mars/Olympus', '../UTC']],
  ['prior', ['yesterday', '2026-03-04T00:00:00']],
  ['horizon', ['x', 'PT', '1H']],
  ['datecol', ['nowhere', '99', '-1', '__proto__']],
  ['valuecol', ['nowhere', '99', '-1', '1e400']],
  ['beliefcol', ['nowhere', '99']],
  ['skiprows', ['x', '-1', '1.5', '1e400', '9223372036854775808']],
  ['nrows', ['x', '-1', '1e400']],
  ['date_format', ['%Q', '%d%d%d', '%']],
  ['stamps', ['middle']],
  ['keep', ['best']],
  ['day_first', ['perhaps']],
  ['filter_column', ['nowhere', '0']],
  ['sheet_number', ['x', '-1', '1e400']],
  ['foo', ['1']],
  ['__proto__', ['1']],
  ['constructor', ['1']],
  ['x'.repeat(2000), ['1']],
];

/** Changes of an upload: its file, one of its fields, or how it is put together. */
export function formChanges({ form }: Template): fc.Arbitrary<Change>[] {
  if (!form) return [];
  const whole = multipart(form).bytes;
  const send = (what: string, fields: Fields, isReadable = true): Change => ({
    what,
    body: multipart(fields).bytes,
    isReadable,
  });
  const others = form.filter(([name]) => name !== 'file');
  const file = (name: string, content: string): Fields => [...others, ['file', { name, content }]];
  const broken = [
    whole.subarray(0, whole.length - 40),
    whole.subarray(0, 30),
    Buffer.alloc(0),
    Buffer.from('x'),
  ];
  return [
    pick(BAD_FILES).chain((content) =>
      pick(['a.csv', 'a.xlsx', 'a.xls', 'a.ods', '../../a.csv']).map((name) =>
        send(`the file ${name} is ${short(content)}`, file(name, content)),
      ),
    ),
    ...BAD_FIELDS.map(([name, values]) =>
      pick(values).map((value) =>
        send(`${short(name)} is ${value}`, [...form.filter(([other]) => other !== name), [name, value]]),
      ),
    ),
    fc.constant(send('there is no file', others)),
    fc.constant(send('the file is a text', [...others, ['file', 'x']])),
    fc.constant(send('there are two files', [...form, ...form], false)),
    fc.constant(
      send(
        'there are many fields',
        Array.from({ length: 3000 }, (_, index) => [`f${index}`, '1']),
        false,
      ),
    ),
    pick(broken).map((body) => ({
      what: `${body.length} of ${whole.length} bytes are there`,
      body,
      isReadable: false,
    })),
    pick([...whole.keys()].slice(0, 120)).map((at) => ({
      what: `the body breaks off after ${at} bytes`,
      body: whole.subarray(0, at),
      isReadable: false,
    })),
  ];
}
