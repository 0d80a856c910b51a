import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/schema';

/** Bodies of requests and answers by their name in the contract, for example `Schemas['SensorDataPost']`. */
export type Schemas = components['schemas'];

/** Has one method per HTTP method. The contract gives the types of paths, parameters, bodies and answers. */
export type FlexMeasuresClient = Client<paths>;

export interface FlexMeasuresClientOptions {
  /** URL of the server, for example `https://company.flexmeasures.io`. */
  baseUrl: string;
  /** The token, or a function that returns it. The function is called before every request, so it can renew the token. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** Function that sends requests; by default, the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * Creates a client for the API of a FlexMeasures server. Its methods resolve to `{ data, error, response }`: `data` if the
 * request succeeded, `error` if the server answered with an error. They reject only if there was no answer.
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

type FormValue = string | number | boolean | Blob | undefined;

/** JSON, or a form if one of the fields is a file or a list of files. */
function toBody(body: unknown): string | FormData {
  const fields = Object.entries(body as Record<string, FormValue | FormValue[]>).map(
    ([name, value]): [string, FormValue[]] => [name, Array.isArray(value) ? value : [value]],
  );
  if (!fields.some(([, values]) => values.some((value) => value instanceof Blob)))
    return JSON.stringify(body);
  const form = new FormData();
  for (const [name, values] of fields) {
    for (const value of values) {
      if (value !== undefined) form.append(name, value instanceof Blob ? value : String(value));
    }
  }
  return form;
}
