import type { ChartAnnotation, ChartColumns } from './model/columns';

/** Why data cannot be shown, for people. */
export class FetchProblem extends Error {}

/** What a request needs so that its server knows the user; nothing on pages of the server itself. */
export type Access = Pick<RequestInit, 'credentials' | 'headers'>;

/** Access from a page of another server. @param token of a user; without it, cookies are sent */
export const accessWith = (token: string | undefined): Access =>
  token === undefined
    ? { credentials: 'include' }
    : { headers: { Authorization: token }, credentials: 'omit' };

/** How a request is sent, and what ends it. */
export type Sending = Access & { signal: AbortSignal };

/** Reads the data of a chart: as events, or in buckets if there are more events than that. Times are epoch milliseconds. */
export const fetchColumns = (
  url: string,
  startMs: number,
  endMs: number,
  buckets: number,
  sending: Sending,
): Promise<ChartColumns> =>
  fetchJson(
    url,
    { ...windowOf(startMs, endMs), format: 'columns', belief_times: 'true', buckets: String(buckets) },
    sending,
  );

/** As `fetchColumns`, of one of the sensors. @param url of the data of all */
export const fetchSensor = (
  url: string,
  sensorId: number,
  startMs: number,
  endMs: number,
  buckets: number,
  sending: Sending,
): Promise<ChartColumns> => {
  const ofSensor = new URL(`/api/dev/sensor/${sensorId}/chart_data`, new URL(url, location.href));
  return fetchColumns(ofSensor.href, startMs, endMs, buckets, sending);
};

/** Reads all that was recorded, with the times of recording. @throws FetchProblem also if it is too much */
export const fetchHistory = (
  url: string,
  startMs: number,
  endMs: number,
  sending: Sending,
): Promise<ChartColumns> =>
  fetchJson(
    url,
    {
      ...windowOf(startMs, endMs),
      format: 'columns',
      most_recent_beliefs_only: 'false',
      belief_times: 'true',
    },
    sending,
  );

export const fetchAnnotations = (
  url: string,
  startMs: number,
  endMs: number,
  sending: Sending,
): Promise<ChartAnnotation[]> => fetchJson(url, windowOf(startMs, endMs), sending);

const windowOf = (startMs: number, endMs: number): Record<string, string> => ({
  event_starts_after: new Date(startMs).toISOString(),
  event_ends_before: new Date(endMs).toISOString(),
});

/** Reads JSON from the API. @throws FetchProblem with a reason for people; what aborted the signal */
export async function fetchJson<T>(url: string, query: Record<string, string>, sending: Sending): Promise<T> {
  const { signal } = sending;
  const address = `${url}?${new URLSearchParams(query).toString()}`;
  const response = await fetch(address, sending).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new FetchProblem('The server cannot be reached.');
  });
  if (response.status === 401) throw new FetchProblem('Your session has ended. Log in again.');
  const answer = await readAnswer(response, signal);
  if (response.ok) return answer as T;
  const message = (answer as { message?: unknown } | null)?.message;
  throw new FetchProblem(textOf(message) || `The server answers ${response.status}.`);
}

/** Proxies answer errors with pages, which are no JSON. */
async function readAnswer(response: Response, signal: AbortSignal): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch (error) {
    if (signal.aborted) throw error;
    if (response.ok) throw new FetchProblem('The answer of the server was cut off.');
    return null;
  }
}

/** The texts of a message, which may be nested by field. */
function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (typeof message !== 'object' || message === null) return '';
  return Object.values(message).map(textOf).filter(Boolean).join(' ');
}
