import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '..', 'fixtures', 'clients');

/** The requests that a client program sent, in order, to a server that had only the toy account and prices. */
export interface ClientRecording {
  /** Name and version of the program. */
  client: string;
  /** Name of the user that the program logs in as; the toy user if undefined. */
  user?: 'host';
  calls: ClientCall[];
}

/** A method of the client, with the requests that it sent. */
export interface ClientCall {
  call: string;
  requests: ClientRequest[];
}

export interface ClientRequest {
  method: string;
  /** Path with query. */
  path: string;
  json?: unknown;
  /** Fields of a form. */
  form?: Record<string, string>;
  /** Names of files in a form, by field; their content is in `files.ts`. */
  files?: Record<string, string>;
  /** The token that the request has instead of the one that the client got. */
  token?: string;
  /** Status that the client needs, once the job that it asks for has ended. */
  status: number;
  /** Why the status is that of a failure. */
  reason?: string;
  /** Id of the asset or sensor, or UUID of the job, that the request created when it was recorded. */
  creates?: number | string;
}

/** The recordings of all clients. */
export const clientRecordings = (): ClientRecording[] =>
  readdirSync(FOLDER)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as ClientRecording);
