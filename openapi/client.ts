import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/schema';

/** Bodies of requests and answers by their name in the contract, for instance `Schemas['SensorDataPost']`. */
export type Schemas = components['schemas'];

/** One method per HTTP method; path, parameters, body and answer are typed by the contract. */
export type FlexMeasuresClient = Client<paths>;

export interface FlexMeasuresClientOptions {
  /** Where the server is, for instance `https://company.flexmeasures.io`. */
  baseUrl: string;
  /** The token, or what gives it; asked before every request, so that it can be renewed. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** What sends requests; by default the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client for the API of a FlexMeasures server. Its methods resolve to `{ data, error, response }`: `data` when the
 * server carried the request out, `error` when it answered otherwise; they reject only if there was no answer.
 */
export function createFlexMeasuresClient({
  baseUrl,
  token,
  fetch,
}: FlexMeasuresClientOptions): FlexMeasuresClient {
  const client = createClient<paths>({ baseUrl, fetch, bodySerializer: toBody });
  client.use({
    async onRequest({ request }) {
      const current = typeof token === 'function' ? await token() : token;
      if (current !== undefined) request.headers.set('Authorization', current);
      return request;
    },
  });
  return client;
}

/** JSON, or a form when there is a file among the fields. */
function toBody(body: unknown): string | FormData {
  const fields = Object.entries(body as Record<string, string | number | Blob | undefined>);
  if (!fields.some(([, value]) => value instanceof Blob)) return JSON.stringify(body);
  const form = new FormData();
  for (const [name, value] of fields) {
    if (value !== undefined) form.append(name, value instanceof Blob ? value : String(value));
  }
  return form;
}
