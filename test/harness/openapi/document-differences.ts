/** An OpenAPI document, or a part of one. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** Keys that explain, but bind nobody. */
const PROSE = new Set(['description', 'summary', 'title', 'example', 'examples', 'tags', '$schema']);

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * Where two OpenAPI documents differ in paths, operations, parameters, bodies, answers or security; one line for each
 * place, empty when they say the same. Wording does not count, nor in what form the same is said.
 */
export function documentDifferences(contract: object, served: object): string[] {
  const [expected, actual] = [operationsOf(contract as Fields), operationsOf(served as Fields)];
  return [...new Set([...expected.keys(), ...actual.keys()])].sort().flatMap((name) => {
    const [one, other] = [expected.get(name), actual.get(name)];
    if (one === undefined) return [`${name}: served, but not in the contract`];
    if (other === undefined) return [`${name}: in the contract, but not served`];
    return differences(one, other, name);
  });
}

function differences(expected: Json, actual: Json, at: string): string[] {
  if (isFields(expected) && isFields(actual)) {
    return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort().flatMap((key) => {
      const [one, other] = [expected[key], actual[key]];
      const place = `${at} > ${key}`;
      if (one === undefined) return [`${place}: the contract has nothing, served is ${show(other)}`];
      if (other === undefined) return [`${place}: the contract has ${show(one)}, served is nothing`];
      return differences(one, other, place);
    });
  }
  return show(expected) === show(actual)
    ? []
    : [`${at}: the contract has ${show(expected)}, served is ${show(actual)}`];
}

const show = (value: Json | undefined): string => JSON.stringify(value);

/** All operations of a document by method and path, each in one canonical form. */
function operationsOf(document: Fields): Map<string, Fields> {
  const operations = new Map<string, Fields>();
  for (const [path, item] of Object.entries(document['paths'] as Fields)) {
    const shared = ((item as Fields)['parameters'] ?? []) as Json[];
    for (const method of METHODS) {
      const operation = (item as Fields)[method];
      if (!isFields(operation)) continue;
      const name = `${method.toUpperCase()} ${path.replace(/\/$/, '')}`;
      operations.set(name, canonicalOperation(document, operation, shared));
    }
  }
  return operations;
}

function canonicalOperation(document: Fields, operation: Fields, shared: Json[]): Fields {
  const resolve = (value: Json): Fields => resolved(document, value) as Fields;
  const parameters = [...shared, ...((operation['parameters'] ?? []) as Json[])].map(resolve);
  return {
    operationId: operation['operationId'] ?? null,
    deviceScope: operation['x-device-scope'] ?? null,
    parameters: Object.fromEntries(
      parameters.map((parameter) => [
        `${parameter['in'] as string} ${parameter['name'] as string}`,
        {
          required: parameter['required'] ?? false,
          schema: canonicalSchema(document, parameter['schema'] ?? {}),
        },
      ]),
    ),
    body: operation['requestBody'] === undefined ? null : bodyOf(document, resolve(operation['requestBody'])),
    responses: Object.fromEntries(
      Object.entries(operation['responses'] as Fields).map(([status, response]) => {
        const answer = resolve(response);
        const headers = Object.entries((answer['headers'] ?? {}) as Fields).map(([name, header]) => [
          name,
          canonicalSchema(document, resolve(header)['schema'] ?? {}),
        ]);
        return [status, { ...bodyOf(document, answer), headers: Object.fromEntries(headers) as Fields }];
      }),
    ),
    security: [...((operation['security'] ?? document['security'] ?? []) as Fields[])]
      .map((way) => Object.keys(way).sort().join(' + '))
      .sort(),
  };
}

/** Schemas by media type. */
function bodyOf(document: Fields, { content = {} }: Fields): Fields {
  return Object.fromEntries(
    Object.entries(content as Fields).map(([type, media]) => [
      type,
      canonicalSchema(document, (media as Fields)['schema'] ?? {}),
    ]),
  );
}

/** A schema without references, prose and unions of objects, with null among its types. */
function canonicalSchema(document: Fields, given: Json): Json {
  const schema = resolved(document, given);
  if (Array.isArray(schema)) return schema.map((item) => canonicalSchema(document, item));
  if (!isFields(schema)) return schema;
  const merged = mergeParts(document, schema);
  const canonical: Fields = {};
  for (const [key, value] of Object.entries(merged)) {
    if (PROSE.has(key) || key.startsWith('x-') || key === 'nullable') continue;
    if (key === 'properties') {
      canonical[key] = sortedFields(
        Object.entries(value as Fields).map(([name, field]) => [name, canonicalSchema(document, field)]),
      );
    } else if (key === 'required' || key === 'enum') canonical[key] = [...(value as Json[])].sort();
    else if (key === 'type') canonical[key] = typesOf(value, merged['nullable'] === true);
    else if (['items', 'additionalProperties', 'oneOf', 'anyOf'].includes(key))
      canonical[key] = canonicalSchema(document, value);
    else canonical[key] = value;
  }
  if ((canonical['required'] as Json[] | undefined)?.length === 0) delete canonical['required'];
  if (canonical['default'] === null) delete canonical['default'];
  return sortedFields(Object.entries(canonical));
}

const sortedFields = (entries: [string, Json][]): Fields =>
  Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));

const typesOf = (type: Json, isNullable: boolean): Json =>
  [...[type].flat(), ...(isNullable ? ['null'] : [])].map(String).sort();

/** Puts the parts of `allOf` together. */
function mergeParts(document: Fields, schema: Fields): Fields {
  const { allOf, ...own } = schema;
  if (!Array.isArray(allOf)) return own;
  return [
    ...allOf.map((part) => mergeParts(document, resolved(document, part) as Fields)),
    own,
  ].reduce<Fields>(
    (whole, part) => ({
      ...whole,
      ...part,
      ...((whole['properties'] ?? part['properties']) !== undefined && {
        properties: { ...(whole['properties'] as Fields), ...(part['properties'] as Fields) },
      }),
      ...((whole['required'] ?? part['required']) !== undefined && {
        required: [...((whole['required'] ?? []) as Json[]), ...((part['required'] ?? []) as Json[])],
      }),
    }),
    {},
  );
}

/** What a reference refers to, references to references included. */
function resolved(document: Fields, value: Json): Json {
  if (!isFields(value) || typeof value['$ref'] !== 'string') return value;
  const target = value['$ref']
    .slice(2)
    .split('/')
    .reduce<Json>(
      (part, key) => (part as Fields)[key.replaceAll('~1', '/').replaceAll('~0', '~')]!,
      document,
    );
  return resolved(document, target);
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
