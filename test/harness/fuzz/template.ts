import fc from 'fast-check';
import { createFlexMeasuresClient } from '../../../openapi/client';
import { Fresh, type Scene } from '../scenes/api-scene';
import { operationOf, type Operation } from '../contract/contract';
import { validRequests } from '../contract/valid-requests';
import type { WireRequest } from './wire';

/** A request that should be refused. */
export interface BadRequest extends WireRequest {
  operationId: string;
  /** What was done to a good request. */
  what: string;
  /** False when the server may find it good after all. */
  isSurelyBad: boolean;
  /** Whether it passes authentication and the reader of bodies, so that its contents are what is wrong. */
  isReadable: boolean;
}

/** A good request, taken apart. */
export interface Template {
  operation: Operation;
  /** Segments of the path; `names` tells which of them are parameters. */
  steps: string[];
  names: (string | undefined)[];
  query: [string, string][];
  json?: Record<string, unknown>;
  form?: [string, string | { name: string; content: string }][];
}

/** What a bad request has in place of the good one's; of a surely bad and readable one unless it says otherwise. */
export interface Change extends Partial<BadRequest> {
  what: string;
  /** The token in place of the good one. */
  token?: (good: string) => string;
}

/** Good requests for all operations, as the client would send them. */
export async function templates(scene: Scene): Promise<Template[]> {
  const fresh = new Fresh(scene.sql);
  const captured: Template[] = [];
  for (const send of Object.values(validRequests)) {
    let request: Request | undefined;
    const fetch = (given: Request): Promise<Response> => {
      request = given;
      return Promise.resolve(new Response('{}', { headers: { 'Content-Type': 'application/json' } }));
    };
    await send(createFlexMeasuresClient({ baseUrl: scene.api.url, fetch }), { ...scene, fresh });
    captured.push(await templateOf(request!));
  }
  return captured;
}

async function templateOf(request: Request): Promise<Template> {
  const { pathname, searchParams } = new URL(request.url);
  const operation = operationOf(request.method, pathname)!;
  const type = request.headers.get('content-type') ?? '';
  const template: Template = {
    operation,
    steps: pathname.split('/'),
    names: operation.path.split('/').map((step) => /^\{(.*)\}$/.exec(step)?.[1]),
    query: [...searchParams],
  };
  if (type.startsWith('application/json')) {
    return { ...template, json: (await request.json()) as Record<string, unknown> };
  }
  return type.startsWith('multipart/') ? { ...template, form: UPLOAD } : template;
}

const UPLOAD: Template['form'] = [
  ['unit', 'MW'],
  ['file', { name: 'power.csv', content: 'time,power\n2026-01-01T00:00:00Z,0.2\n' }],
];

export const queryText = (query: [string, string][]): string =>
  query.length === 0
    ? ''
    : `?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;

/** A text, or its beginning. */
export const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}...` : text);

export const pick = <T>(items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
