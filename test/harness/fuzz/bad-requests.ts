import fc from 'fast-check';
import type { Person, Scene } from '../scenes/api-scene';
import { operations } from '../contract/contract';
import { formChanges, multipart } from './form-changes';
import { jsonChanges } from './json-changes';
import { contentTypes, methods, pathChanges, queryChanges, senders } from './request-changes';
import { pick, queryText, type BadRequest, type Change, type Template } from './template';

const SENDERS: Person[] = ['member', 'accountAdmin', 'admin', 'admin'];

/** Bad requests, each a good one with one thing changed. The same seed gives the same requests. */
export function badRequests(scene: Scene, from: Template[], count: number, seed: number): BadRequest[] {
  const arbitraries = from.map((template) =>
    fc
      .tuple(changesOf(template), pick(SENDERS))
      .map(([change, person]) => finished(template, change, scene.tokenOf(person))),
  );
  return fc.sample(fc.oneof(...arbitraries), { seed, numRuns: count });
}

/** The request of a template, with something changed, and with a good token unless that is what changed. */
export function finished(template: Template, { token, ...change }: Change, good: string): BadRequest {
  const { operation, steps, query, json, form } = template;
  const body = json
    ? { type: 'application/json', bytes: Buffer.from(JSON.stringify(json)) }
    : form && multipart(form);
  return {
    operationId: operation.operationId,
    method: operation.method,
    path: steps.join('/') + queryText(query),
    isSurelyBad: true,
    isReadable: true,
    ...(body && { body: body.bytes }),
    ...change,
    headers: {
      Authorization: token ? token(good) : good,
      ...(body && { 'Content-Type': body.type }),
      ...change.headers,
    },
  };
}

function changesOf(template: Template): fc.Arbitrary<Change> {
  const isOpen = template.operation.isPublic;
  const inPlace = [
    ...pathChanges(template),
    ...queryChanges(template),
    ...jsonChanges(template),
    ...formChanges(template),
  ];
  return fc.oneof(
    ...(inPlace.length > 0 ? [{ arbitrary: fc.oneof(...inPlace), weight: 40 }] : []),
    ...(isOpen ? [] : [{ arbitrary: senders, weight: 2 }]),
    { arbitrary: methods(template), weight: 1 },
    ...(template.json || template.form ? [{ arbitrary: contentTypes(template), weight: 3 }] : []),
  );
}

/** How many of the contract's operations there are requests for. */
export const coverage = (requests: BadRequest[]): number =>
  new Set(requests.map(({ operationId }) => operationId)).size / operations.length;
