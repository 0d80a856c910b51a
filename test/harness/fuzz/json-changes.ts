import fc from 'fast-check';
import { isAccepted, type Part } from '../contract/contract';
import { pick, short, type Change, type Template } from './template';
import { badValues, RawJson, toJson } from './values';

const UNREADABLE = [
  '',
  '{',
  '{"a":',
  '}{',
  "{'a': 1}",
  '{"a": NaN}',
  '{"a": 1,}',
  '\u0000',
  '<a/>',
  '{"a": "\n"}',
  'nul',
];
const UNFIT = [
  new RawJson('null'),
  [],
  [1],
  'x',
  12,
  true,
  {},
  new RawJson('['.repeat(1000) + ']'.repeat(1000)),
  new RawJson('{"a":'.repeat(1000) + '1' + '}'.repeat(1000)),
];
const STRANGE_FIELDS = [
  'foo',
  '',
  '__proto__',
  'constructor',
  'toString',
  'id ',
  'a\u0000b',
  'a\ud800',
  'x'.repeat(2000),
];

/** Changes of a JSON body: one field, or the body as a whole. */
export function jsonChanges({ operation, json }: Template): fc.Arbitrary<Change>[] {
  if (!json) return [];
  const { operationId } = operation;
  const schema = operation.bodies['application/json']!;
  const send = (what: string, body: unknown): Change => ({ what, body: Buffer.from(toJson(body)) });
  const isFit = (body: unknown): boolean =>
    isAccepted(`${operationId} body`, schema, JSON.parse(toJson(body)) as unknown);
  const fields = fieldsThatCount(schema, json).map(({ path, schema: field }) => {
    const values = badValues(path.at(-1)!, field, `${operationId} ${path.join('/')}`);
    return values.map((value) =>
      send(`${path.join('.')} is ${short(toJson(value))}`, withField(json, path, value)),
    );
  });
  const isClosed = schema['additionalProperties'] === false;
  const groups = ['flex-model', 'flex-context'].filter((name) => name in json && !Array.isArray(json[name]));
  const required = (schema['required'] ?? []) as string[];
  return [
    ...fields,
    // No body counts as one without fields.
    pick(UNREADABLE.filter((text) => text !== '' || !isFit({}))).map((text) => ({
      what: `the body is ${text}`,
      body: Buffer.from(text),
      isReadable: false,
    })),
    pick(UNFIT.filter((body) => !isFit(body))).map((body) =>
      send(`the body is ${short(toJson(body))}`, body),
    ),
    ...required.map((name) => fc.constant(send(`${name} is missing`, withField(json, [name], undefined)))),
    ...(isClosed
      ? [pick(STRANGE_FIELDS).map((name) => send(`there is a field ${short(name)}`, more(json, name)))]
      : []),
    ...groups.map((group) =>
      pick(STRANGE_FIELDS).map((name) =>
        send(`there is a field ${short(name)} in ${group}`, {
          ...json,
          [group]: more(json[group] as object, name),
        }),
      ),
    ),
  ];
}

/** The object with one more field, even if that is called `__proto__`. */
const more = (object: object, name: string): RawJson =>
  new RawJson(`${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:{"a":1}}`);

/** Fields of a body, but not those that do not count because a group of the body has them, too. */
const fieldsThatCount = (schema: Part, json: Record<string, unknown>) =>
  fieldsOf(schema).filter(
    ({ path: [name, ...rest] }) =>
      rest.length > 0 ||
      !['flex-model', 'flex-context'].some((group) => Object.hasOwn(json[group] ?? {}, name!)),
  );

/** Fields of a body, and those of objects in it. */
export function fieldsOf(schema: Part, path: string[] = []): { path: string[]; schema: Part }[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, Part>).flatMap(([name, field]) => [
    { path: [...path, name], schema: field },
    ...(path.length === 0 ? fieldsOf(field, [name]) : []),
  ]);
}

/** The object with a field at a path set, or left out when the value is undefined. */
export function withField(
  object: Record<string, unknown>,
  [name, ...rest]: string[],
  value: unknown,
): Record<string, unknown> {
  const inner = (object[name!] ?? {}) as Record<string, unknown>;
  return { ...object, [name!]: rest.length > 0 ? withField(inner, rest, value) : value };
}
