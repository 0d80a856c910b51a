import type { ChartAnnotation, ChartColumns } from './model/columns';

/** Why data cannot be shown, for people. */
export class FetchProblem extends Error {}

/** Servers of other origins that may be asked, each with the token of a user; undefined for the session of the browser. */
const accesses = new Map<string, string | undefined>();

/** Lets the elements of this page ask a server of another origin. @param token of a user; without it, cookies are sent */
export function allowAccess(server: string, token: string | undefined): void {
  accesses.set(new URL(server).origin, token);
}

/** What a request needs so that its server knows the user. */
function credentialsFor(url: string): RequestInit {
  const { origin } = new URL(url, location.href);
  if (!accesses.has(origin)) return {};
  const token = accesses.get(origin);
  return token === undefined
    ? { credentials: 'include' }
    : { headers: { Authorization: token }, credentials: 'omit' };
}

/** Reads the data of a chart: as events, or in buckets if there are more events than that. Times are epoch milliseconds. */
export const fetchColumns = (
  url: string,
  startMs: number,
  endMs: number,
  buckets: number,
  signal: AbortSignal,
): Promise<ChartColumns> =>
  fetchJson(
    url,
    { ...windowOf(startMs, endMs), format: 'columns', belief_times: 'true', buckets: String(buckets) },
    signal,
  );

/** As `fetchColumns`, of one of the sensors. @param url of the data of all */
export const fetchSensor = (
  url: string,
  sensorId: number,
  startMs: number,
  endMs: number,
  buckets: number,
  signal: AbortSignal,
): Promise<ChartColumns> => {
  const ofSensor = new URL(`/api/dev/sensor/${sensorId}/chart_data`, new URL(url, location.href));
  return fetchColumns(ofSensor.href, startMs, endMs, buckets, signal);
};

/** Reads all that was recorded, with the times of recording. @throws FetchProblem also if it is too much */
export const fetchHistory = (url: string, startMs: number, endMs: number): Promise<ChartColumns> =>
  fetchJson(
    url,
    {
      ...windowOf(startMs, endMs),
      format: 'columns',
      most_recent_beliefs_only: 'false',
      belief_times: 'true',
    },
    new AbortController().signal,
  );

export const fetchAnnotations = (
  url: string,
  startMs: number,
  endMs: number,
  signal: AbortSignal,
): Promise<ChartAnnotation[]> => fetchJson(url, windowOf(startMs, endMs), signal);

const windowOf = (startMs: number, endMs: number): Record<string, string> => ({
  event_starts_after: new Date(startMs).toISOString(),
  event_ends_before: new Date(endMs).toISOString(),
});

/** Reads JSON from the API. @throws FetchProblem with a reason for people; what aborted the signal */
export async function fetchJson<T>(
  url: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<T> {
  const address = `${url}?${new URLSearchParams(query).toString()}`;
  const response = await fetch(address, { signal, ...credentialsFor(url) }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new FetchProblem('The server cannot be reached.');
  });
  if (response.status === 401) throw new FetchProblem('Your session has ended. Log in again.');
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  const { message } = answer as { message?: unknown };
  throw new FetchProblem(textOf(message) || `The server answers ${response.status}.`);
}

/** The texts of a message, which may be nested by field. */
function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (typeof message !== 'object' || message === null) return '';
  return Object.values(message).map(textOf).filter(Boolean).join(' ');
}
