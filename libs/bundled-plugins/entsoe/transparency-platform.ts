import { readMarketReply, type MarketReply } from './market-document';

/** How the service is reached. */
export interface PlatformAccess {
  /** Address, such as `https://web-api.tp.entsoe.eu/api`. */
  url: string;
  token: string;
  /** How long to wait before the first repetition of a request that failed; doubled for each further one. */
  waitMs: number;
}

/** What to ask for: `A44` is the document of prices, `A75` that of actual generation per type. */
export interface MarketRequest {
  document: 'A44' | 'A75';
  /** Code of the zone. */
  zone: string;
  startMs: number;
  endMs: number;
}

export type MarketDocument = Extract<MarketReply, { kind: 'document' }>;

const ATTEMPTS = 6;
/** The service answers within five minutes. */
const TIMEOUT_MS = 310_000;
/** The service excludes clients that send too many requests for ten minutes. */
const MAX_WAIT_MS = 11 * 60_000;

/**
 * Asks for a document. Failures that may pass are tried again.
 * @returns undefined if the service has no data
 * @throws Error with the reason that the service gives
 */
export async function fetchDocument(
  access: PlatformAccess,
  request: MarketRequest,
): Promise<MarketDocument | undefined> {
  const { status, text } = await fetchText(access, queryOf(request, access.token));
  if (status === 401 || status === 403)
    throw new Error(`ENTSO-E does not accept the key in ENTSOE_AUTH_TOKEN (status ${status}).`);
  const reply = await readMarketReply(text).catch((error: unknown) => {
    const reason = status === 200 && error instanceof Error ? `: ${error.message}` : '.';
    throw new Error(`ENTSO-E answers with status ${status} and no document${reason}`);
  });
  if (reply.kind === 'document') return reply;
  // Code 999 is used for all reasons; only the text tells that there is no data.
  if (reply.code === '999' && /no matching data found/i.test(reply.text)) return undefined;
  throw new Error(`ENTSO-E refuses the request with code ${reply.code}: ${reply.text}`);
}

function queryOf({ document, zone, startMs, endMs }: MarketRequest, token: string): URLSearchParams {
  return new URLSearchParams({
    securityToken: token,
    documentType: document,
    ...(document === 'A44'
      ? { in_Domain: zone, out_Domain: zone, 'contract_MarketAgreement.type': 'A01' }
      : { processType: 'A16', in_Domain: zone }),
    periodStart: timeOf(startMs),
    periodEnd: timeOf(endMs),
  });
}

/** A moment as the service expects it: `202603281100`, in UTC. */
const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replaceAll(/\D/g, '');

/** The answer to a request, also if it is refused. Errors do not show the address, because it has the key. */
async function fetchText(
  { url, waitMs }: PlatformAccess,
  query: URLSearchParams,
): Promise<{ status: number; text: string }> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === ATTEMPTS;
    const answer = await request(`${url}?${query.toString()}`).catch((error: unknown) => {
      if (isLast) throw new Error(`ENTSO-E cannot be reached: ${reasonOf(error)}`);
      return undefined;
    });
    if (answer && answer.status !== 429 && answer.status < 500) return answer;
    if (answer && isLast)
      throw new Error(`ENTSO-E answers with status ${answer.status}, also to ${ATTEMPTS} attempts.`);
    const wait = answer?.retryAfterMs ?? waitMs * 2 ** (attempt - 1);
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait, MAX_WAIT_MS)));
  }
}

async function request(address: string): Promise<{ status: number; text: string; retryAfterMs?: number }> {
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const retryAfter = response.headers.get('retry-after');
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  return {
    status: response.status,
    text: await response.text(),
    ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
  };
}

/** The reason of a failed connection, without the address. */
function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? name ?? 'unknown reason';
}
