import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import addFormats from 'ajv-formats';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';

const GENERATED = join(__dirname, '..', '..', '..', 'openapi', 'generated');
const CONTRACT = join(GENERATED, 'openapi.json');

/** A JSON schema or another object of an OpenAPI document. */
export type Part = { [key: string]: unknown };

export interface Operation {
  operationId: string;
  /** Capital letters. */
  method: string;
  /** With the names of parameters in braces, as in the contract. */
  path: string;
  parameters: Part[];
  /** Schemas of the request's body by media type; empty for requests without a body. */
  bodies: Record<string, Part>;
  responses: Record<string, Part>;
  isPublic: boolean;
  /** Scope that a device token needs; undefined if device tokens are refused. */
  deviceScope: string | undefined;
  /** Release of FlexMeasures that has it; `none` or `planned` otherwise. */
  since: string;
}

/** A response of the server, with its request. */
export interface Answer {
  method: string;
  /** Path with or without a query. */
  path: string;
  status: number;
  /** A header's value, or null. */
  header: (name: string) => string | null;
  content: string;
}

const document = JSON.parse(readFileSync(CONTRACT, 'utf8')) as Part;

/** All operations of the contract. */
export const operations: readonly Operation[] = operationsOf(document);

let readOldOperations: readonly Operation[] | undefined;

/** The operations of the versions before 3, each with a contract of its own. Read on demand: few tests need them. */
export const oldOperations = (): readonly Operation[] =>
  (readOldOperations ??= readdirSync(GENERATED)
    .filter((name) => name.startsWith('legacy-'))
    .flatMap((name) => {
      const contract = JSON.parse(readFileSync(join(GENERATED, name), 'utf8')) as Part;
      return operationsOf(inlined(contract, contract) as Part);
    }));

const OLD_VERSION = /^\/api\/v[12](?:_\d)?\//;

function operationsOf({ paths }: Part): Operation[] {
  return Object.entries(paths as Part).flatMap(([path, item]) => {
    const { parameters: shared = [], ...methods } = resolved(item) as Part & { parameters?: Part[] };
    return Object.entries(methods as Record<string, Part>).map(([method, operation]) => ({
      operationId: operation['operationId'] as string,
      method: method.toUpperCase(),
      path,
      parameters: [...shared, ...((operation['parameters'] ?? []) as Part[])].map(
        (parameter) => inlined(parameter) as Part,
      ),
      bodies: schemasOf(resolved(operation['requestBody'] ?? {}) as Part),
      responses: operation['responses'] as Record<string, Part>,
      isPublic: (operation['security'] as unknown[] | undefined)?.length === 0,
      deviceScope: operation['x-device-scope'] as string | undefined,
      since: operation['x-reference-since'] as string,
    }));
  });
}

/** The operation of a request; undefined when the contract has none. */
export function operationOf(method: string, path: string): Operation | undefined {
  const steps = stepsOf(path.replace(/[?#].*$/s, ''));
  const wanted = method === 'HEAD' ? 'GET' : method;
  const known = OLD_VERSION.test(path) ? oldOperations() : operations;
  return known
    .filter((operation) => operation.method === wanted && fits(stepsOf(operation.path), steps))
    .sort((one, other) => parametersIn(one.path) - parametersIn(other.path))[0];
}

const stepsOf = (path: string): string[] => path.replace(/\/$/, '').split('/');
const fits = (template: string[], steps: string[]): boolean =>
  template.length === steps.length &&
  template.every((step, index) => step === steps[index] || (step.startsWith('{') && steps[index] !== ''));
const parametersIn = (path: string): number => path.split('{').length;

/**
 * Checks an answer against the contract: status, content type, headers and body, without fields that the contract does
 * not have. A request below the API path that has no operation must fail with the general error body. Requests outside
 * the API are not checked.
 *
 * @throws Error that names the operation, the status and each violation.
 */
export function checkAnswer(answer: Answer): void {
  const operation = operationOf(answer.method, answer.path);
  if (!operation && !/^\/api(\/|$|\?)/.test(answer.path)) return;
  // The path differs from the operation by the slash at its end, so that nothing was done.
  if (answer.status === 308) return;
  const problems = [
    ...problemsOfVersions(answer),
    ...(operation ? problemsOf(operation, answer) : problemsOfFailure(answer)),
  ];
  if (problems.length === 0) return;
  const name = operation?.operationId ?? 'no operation of the contract';
  throw new Error(
    [
      `The answer to ${answer.method} ${answer.path.slice(0, 200)} (${name}) with status ${answer.status} is not in the contract:`,
      ...problems.map((problem) => `- ${problem}`),
      `The answer was: ${answer.content.slice(0, 500)}`,
    ].join('\n'),
  );
}

function problemsOf(operation: Operation, answer: Answer): string[] {
  const { responses } = operation;
  const exact = responses[String(answer.status)];
  const response = exact ?? (answer.status >= 400 ? responses['default'] : undefined);
  if (!response) return [`The operation answers with ${Object.keys(responses).join(', ')}.`];
  const key = `${operation.method} ${operation.path} ${exact ? answer.status : 'default'}`;
  const { headers = {} } = resolved(response) as { headers?: Record<string, Part> };
  return [...problemsOfHeaders(headers, answer), ...problemsOfBody(key, response, answer)];
}

/** All answers of the API name the version of the server, and those of v3_0 also the version of the API. */
function problemsOfVersions({ path, header }: Answer): string[] {
  const version = /^\/api\/v3_0(?:\/|$|\?)/i.test(path) ? 'v3_0' : null;
  return [
    ...(/^\d+\.\d+\.\d+$/.test(header('FlexMeasures-Version') ?? '')
      ? []
      : ['The header FlexMeasures-Version is missing.']),
    ...(header('API-Version') === version ? [] : [`The header API-Version is ${header('API-Version')}.`]),
  ];
}

function problemsOfFailure(answer: Answer): string[] {
  if (answer.status < 400) return ['What the contract does not know must fail.'];
  const { responses } = document['components'] as { responses: Record<string, Part> };
  return problemsOfBody('failure', responses['Failure']!, answer);
}

function problemsOfHeaders(headers: Record<string, Part>, { header }: Answer): string[] {
  return Object.entries(headers).flatMap(([name, given]) => {
    const { required = false, schema } = resolved(given) as { required?: boolean; schema: Part };
    const value = header(name);
    if (value === null) return required ? [`The header ${name} is missing.`] : [];
    const isInteger = schema['type'] !== 'integer' || /^\d+$/.test(value);
    return isInteger ? [] : [`The header ${name} is no integer: ${value}`];
  });
}

function problemsOfBody(key: string, response: Part, { method, header, content }: Answer): string[] {
  const [media] = Object.entries(schemasOf(resolved(response) as Part));
  if (!media || method === 'HEAD') return content === '' ? [] : ['There must be no body.'];
  const [type, schema] = media;
  const given = header('content-type')?.split(';')[0];
  if (given !== type) return [`The content type is ${given ?? 'missing'} instead of ${type}.`];
  if (type !== 'application/json') return problemsOfValue(key, schema, content);
  let body: unknown;
  try {
    body = JSON.parse(content);
  } catch {
    return ['The body is not JSON.'];
  }
  return problemsOfValue(key, schema, body);
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(key: string, schema: () => Part): ValidateFunction {
  const known = validators.get(key);
  if (known) return known;
  const made = compiler().compile(schema());
  validators.set(key, made);
  return made;
}

/** Whether the schema accepts a value. Compiled schemas are cached by key, so a key must always have the same schema. */
export const isAccepted = (key: string, schema: Part, value: unknown): boolean =>
  validatorOf(`request ${key}`, () => schema)(value);

/** Why an answer's body does not match its schema; empty when it does. */
function problemsOfValue(key: string, schema: Part, value: unknown): string[] {
  const validate = validatorOf(key, () => closed(schema) as Part);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
    const what = params as Record<string, unknown>;
    const extra = what['unevaluatedProperty'] ?? what['additionalProperty'] ?? what['allowedValues'];
    return `${instancePath === '' ? 'The body' : instancePath} ${message}${extra === undefined ? '' : `: ${JSON.stringify(extra)}`}`;
  });
}

const DURATION =
  /^P(?!$)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;

let shared: Ajv2020 | undefined;

function compiler(): Ajv2020 {
  if (shared) return shared;
  shared = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
  addFormats(shared);
  // ajv-formats does not accept the fractions of seconds that ISO 8601 allows.
  shared.addFormat('duration', DURATION);
  shared.addVocabulary(['example', 'x-addition', 'xml']);
  shared.removeKeyword('contentMediaType');
  shared.addKeyword({
    keyword: 'contentMediaType',
    type: 'string',
    error: { message: 'must be the text of JSON' },
    validate: (type: string, text: string) => type !== 'application/json' || isJson(text),
  });
  return shared;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Schemas of a body by media type, with references resolved. */
function schemasOf({ content = {} }: { content?: Record<string, { schema: Part }> }): Record<string, Part> {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [type, inlined(schema) as Part]),
  );
}

/** The target of a reference. */
function resolved(value: unknown, within: Part = document): unknown {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return value;
  const steps = (value.$ref as string).slice(2).split('/');
  return resolved(
    steps.reduce<unknown>(
      (part, step) => (part as Part)[step.replaceAll('~1', '/').replaceAll('~0', '~')],
      within,
    ),
    within,
  );
}

/** A part of a document with all references replaced by their targets. */
function inlined(given: unknown, within: Part = document): unknown {
  const value = resolved(given, within);
  if (Array.isArray(value)) return value.map((item) => inlined(item, within));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inlined(part, within)]));
}

/**
 * A schema whose objects accept only the fields that it names, unless it states otherwise. The parts of an `allOf` are
 * closed together, since each names only some of the fields.
 */
function closed(schema: unknown, isPart = false): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const { properties, items, additionalProperties, oneOf, anyOf, allOf, ...rest } = schema as Part;
  const each = (parts: unknown, ofWhole = false) => (parts as unknown[]).map((part) => closed(part, ofWhole));
  const isObject = properties !== undefined || (allOf as Part[] | undefined)?.some(describesObject);
  return {
    ...rest,
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as Part).map(([name, field]) => [name, closed(field)]),
      ),
    }),
    ...(items !== undefined && { items: closed(items) }),
    ...(oneOf !== undefined && { oneOf: each(oneOf) }),
    ...(anyOf !== undefined && { anyOf: each(anyOf) }),
    ...(allOf !== undefined && { allOf: each(allOf, true) }),
    ...(additionalProperties !== undefined
      ? { additionalProperties: closed(additionalProperties) }
      : isObject && !isPart && { unevaluatedProperties: false }),
  };
}

const describesObject = (schema: Part): boolean =>
  schema['properties'] !== undefined ||
  schema['additionalProperties'] !== undefined ||
  ((schema['allOf'] as Part[] | undefined)?.some(describesObject) ?? false);
