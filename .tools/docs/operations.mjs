import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './commands.mjs';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const REF = '#/components/';

/** Contracts by the version of the API, as in paths. */
const FILES = {
  v3_0: 'openapi.json',
  v2_0: 'legacy-v2_0.json',
  v1_3: 'legacy-v1_3.json',
  v1_2: 'legacy-v1_2.json',
  v1_1: 'legacy-v1_1.json',
  v1: 'legacy-v1.json',
};

const readContract = (root, version) =>
  JSON.parse(readFileSync(join(root, 'openapi', 'generated', FILES[version]), 'utf8'));

/** The reference of a version of the API as Markdown, from its contract. @param version as in paths */
export function apiReference(root, version) {
  const contract = readContract(root, version);
  const resolve = (part) => {
    if (part?.$ref === undefined) return part;
    const [kind, name] = part.$ref.slice(REF.length).split('/');
    return contract.components[kind][name];
  };
  const operations = operationsOf(contract);
  const tags = (contract.tags ?? []).map(({ name, description }) => ({ name, description }));
  const schemas = Object.entries(contract.components.schemas ?? {});
  return [
    contract.info.description ?? '',
    ...tags.flatMap(({ name, description }) => {
      const own = operations.filter(({ operation }) => operation.tags?.[0] === name);
      if (own.length === 0) return [];
      return [`## ${name}`, description ?? '', ...own.flatMap((one) => describeOperation(one, resolve))];
    }),
    '## Data structures',
    ...schemas.flatMap(([name, schema]) => [
      `### ${name}`,
      schema.description ?? '',
      fieldTable(schema, resolve),
    ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Every operation of every version as a table. */
export function routingTable(root) {
  return Object.keys(FILES)
    .map((version) => {
      const rows = operationsOf(readContract(root, version)).map(({ method, path, operation }) => [
        `\`${method.toUpperCase()}\``,
        `\`${path}\``,
        `[${operation.summary ?? operation.operationId}](${version}.md#${idOf(method, path)})`,
      ]);
      return `## Version ${version}\n\n${table(['method', 'path', 'what it does'], rows)}`;
    })
    .join('\n\n');
}

/** The id of the heading of an operation. */
const idOf = (method, path) =>
  `${method} ${path}`
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

const operationsOf = ({ paths }) =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      ...{ method, path },
      operation: {
        ...item[method],
        parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])],
      },
    })),
  );

function describeOperation({ method, path, operation }, resolve) {
  const parameters = operation.parameters.map(resolve);
  const [bodyType, body] = Object.entries(resolve(operation.requestBody)?.content ?? {})[0] ?? [];
  return [
    `### ${method.toUpperCase()} ${path}`,
    `**${operation.summary ?? ''}**`,
    demote(operation.description ?? ''),
    parameters.length === 0 ? '' : parameterTable(parameters),
    ...(body
      ? [`Body (\`${bodyType}\`): ${typeOf(body.schema)}.`, fieldTable(resolve(body.schema), resolve)]
      : []),
    ...exampleOf(body, 'Example of a body'),
    ...answers(operation, resolve),
  ];
}

function answers(operation, resolve) {
  const all = Object.entries(operation.responses).map(([status, response]) => [status, resolve(response)]);
  const rows = all.map(([status, { description, content }]) => {
    const schema = Object.values(content ?? {})[0]?.schema;
    return [status, description + (schema && status < '300' ? ` ${typeOf(schema)}` : '')];
  });
  const good = all.find(([status]) => status.startsWith('2'))?.[1];
  return [
    table(['status', 'answer'], rows),
    ...exampleOf(good?.content?.['application/json'], 'Example of an answer'),
  ];
}

function exampleOf(content, title) {
  const named = Object.values(content?.examples ?? {})[0];
  const value = named?.value ?? content?.example;
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return [
    named?.summary ? `${title}: ${named.summary}` : `${title}:`,
    `\`\`\`json\n${shorten(text)}\n\`\`\``,
  ];
}

/** Long examples are in the contract. */
function shorten(text) {
  const lines = text.split('\n');
  return lines.length <= 60 ? text : [...lines.slice(0, 60), '...'].join('\n');
}

const parameterTable = (parameters) =>
  table(
    ['parameter', 'in', 'type', 'meaning'],
    parameters.map(({ name, in: place, schema, description, required }) => [
      `\`${name}\``,
      place,
      typeOf(schema),
      (required ? 'Needed. ' : '') + onOneLine(description ?? schema?.description ?? ''),
    ]),
  );

/** The fields of an object, also of its parts. */
function fieldTable(schema, resolve) {
  const fields = fieldsOf(schema, resolve);
  if (fields.length === 0) return schema?.properties ? '' : limits(schema);
  return table(
    ['field', 'type', 'meaning'],
    fields.map(([name, field, isNeeded]) => [
      `\`${name}\``,
      typeOf(field),
      (isNeeded ? 'Needed. ' : '') + onOneLine(field.description ?? ''),
    ]),
  );
}

function fieldsOf(schema, resolve, depth = 0) {
  const own = resolve(schema) ?? {};
  const parts = depth > 4 ? [] : (own.allOf ?? []).flatMap((part) => fieldsOf(part, resolve, depth + 1));
  const needed = own.required ?? [];
  return [
    ...parts,
    ...Object.entries(own.properties ?? {}).map(([name, field]) => [name, field, needed.includes(name)]),
  ];
}

const limits = (schema) =>
  schema?.enum ? `One of ${schema.enum.map((one) => `\`${one}\``).join(', ')}.` : '';

function typeOf(schema) {
  if (schema === undefined || schema === true) return '';
  if (schema.$ref) return linkTo(schema.$ref);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return [...new Set(choices.map(typeOf))].filter(Boolean).join(' or ');
  if (schema.allOf?.length === 1) return typeOf(schema.allOf[0]);
  if (schema.type === 'array') return `list of ${typeOf(schema.items) || 'values'}`;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  const types = [schema.type ?? ''].flat().join(' or ');
  return schema.format ? `${types} (${schema.format})` : types;
}

function linkTo(ref) {
  const name = ref.split('/').at(-1);
  return `[${name}](#${name.toLowerCase()})`;
}

const onOneLine = (text) => text.replace(/\s+/g, ' ').trim();

/** Puts headings of a description below that of its operation. */
const demote = (text) => text.trim().replace(/^(#+ )/gm, '###$1');
