import type { INestApplication } from '@nestjs/common';
import * as swagger from '@nestjs/swagger';
import { DocumentBuilder, getSchemaPath, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { applyContractMetadata } from '../../../apps/api/src/http/contract/metadata';
import { Rejection } from '../../../apps/api/src/http/schema/failures.dto';
import { X_OPEN } from '../../../apps/api/src/http/schema/field';
import { X_PUBLIC } from '../../../apps/api/src/http/schema/operation';
import { X_FORM } from '../../../apps/api/src/http/uploads/accepts-form';

type Operations = Record<string, Record<string, unknown>>;

/** Ways to authenticate that suffice for reading; whoever writes with a session must show its CSRF token as well. */
const reading = [{ token: [] }, { bearer: [] }, { tokenInQuery: [] }, { session: [] }];
const writing = [{ token: [] }, { bearer: [] }, { tokenInQuery: [] }, { session: [], csrf: [] }];

/**
 * What the code says that it serves: routes, parameters, bodies and answers, as OpenAPI. The contract in openapi/ is
 * what it should say; the two are compared in the tests.
 */
export function servedDocument(app: INestApplication): OpenAPIObject {
  applyContractMetadata(swagger);
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build(), {
    extraModels: [Rejection],
  });
  for (const operations of Object.values(document.paths) as Operations[]) {
    for (const [method, operation] of Object.entries(operations)) complete(method, operation);
  }
  openAnswers(document);
  closeRequestBodies(document);
  return document;
}

/** Shows the form that an operation takes in place of JSON. */
function showForm({ requestBody, [X_FORM]: form }: Record<string, unknown>): void {
  if (typeof form !== 'string') return;
  const { content } = requestBody as { content: Record<string, unknown> };
  content['multipart/form-data'] = { schema: { $ref: getSchemaPath(form) } };
}

/** Adds what follows for every operation from what it is. */
function complete(method: string, operation: Record<string, unknown>): void {
  operation['security'] = operation[X_PUBLIC] ? [] : method === 'get' ? reading : writing;
  showForm(operation);
  const responses = operation['responses'] as Record<string, unknown>;
  if (operation['requestBody'] !== undefined) {
    const content = { 'application/json': { schema: { $ref: getSchemaPath(Rejection) } } };
    responses['413'] = { content };
    responses['429'] ??= { content, headers: { 'Retry-After': { schema: { type: 'integer' } } } };
  }
}

type Schemas = Record<string, Record<string, unknown>>;

/** Open classes may hold further fields, in answers too. */
function openAnswers(document: OpenAPIObject): void {
  for (const schema of Object.values((document.components?.schemas ?? {}) as Schemas)) {
    if (schema[X_OPEN] === true) schema['additionalProperties'] = true;
  }
}

/** Bodies of requests may hold no other fields than those of their class, nor may what is nested in them. */
function closeRequestBodies(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const bodies = Object.values(document.paths).flatMap((operations) =>
    Object.values(operations as Operations).map(({ requestBody }) => requestBody),
  );
  const closed = new Set<string>();
  const pending = bodies.flatMap(referencesIn);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const schema = schemas[name];
    if (!schema || closed.has(name)) continue;
    closed.add(name);
    schema['additionalProperties'] ??= false;
    pending.push(...referencesIn(schema));
  }
}

/** Names of the schemas that a part of a document refers to. */
const referencesIn = (part: unknown): string[] =>
  [...JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
