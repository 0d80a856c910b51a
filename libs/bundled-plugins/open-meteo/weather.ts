/** A quantity of the weather: a sensor, and the variable of Open-Meteo that it gets. */
export interface Quantity {
  /** Name of the variable in requests and answers. */
  variable: string;
  /** Name of the sensor. */
  sensor: string;
  unit: string;
  /** Whether a value is the mean of the hour before its time; others belong to the hour that starts then. */
  isOfHourBefore: boolean;
}

/** The quantities of an asset. */
export const QUANTITIES: readonly Quantity[] = [
  { variable: 'temperature_2m', sensor: 'temperature', unit: '°C', isOfHourBefore: false },
  { variable: 'shortwave_radiation', sensor: 'irradiance', unit: 'W/m²', isOfHourBefore: true },
  { variable: 'wind_speed_10m', sensor: 'wind speed', unit: 'm/s', isOfHourBefore: false },
  { variable: 'cloud_cover', sensor: 'cloud cover', unit: '%', isOfHourBefore: false },
];

export const HOUR_MS = 3_600_000;

/** Hourly values by variable, as Open-Meteo answers with `timeformat=unixtime`. Unknown values are null. */
export interface Forecast {
  time: readonly number[];
  values: Readonly<Record<string, readonly (number | null)[]>>;
}

/** A place and a period in days. */
export interface ForecastRequest {
  latitude: number;
  longitude: number;
  /** First and last day, UTC: `2026-03-04`. */
  first: string;
  last: string;
}

const ATTEMPTS = 3;
const TIMEOUT_MS = 30_000;
const WAIT_MS = 1000;

/**
 * Asks Open-Meteo for hourly values. Failures that may pass are tried again twice.
 * @param url address of the server, such as `https://api.open-meteo.com`
 * @throws Error with the reason that the server gives
 */
export async function fetchForecast(url: string, request: ForecastRequest): Promise<Forecast> {
  const query = new URLSearchParams({
    latitude: String(request.latitude),
    longitude: String(request.longitude),
    hourly: QUANTITIES.map(({ variable }) => variable).join(','),
    wind_speed_unit: 'ms',
    timeformat: 'unixtime',
    timezone: 'GMT',
    start_date: request.first,
    end_date: request.last,
  });
  const answer = (await fetchJson(`${url.replace(/\/$/, '')}/v1/forecast?${query.toString()}`)) as {
    hourly?: { time?: number[] } & Record<string, (number | null)[]>;
  };
  const { time, ...values } = answer.hourly ?? {};
  if (!Array.isArray(time)) throw new Error('The answer of Open-Meteo has no hourly values.');
  return { time, values };
}

async function fetchJson(url: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
      if (attempt === ATTEMPTS) throw new Error(`Open-Meteo cannot be reached: ${String(error)}`);
      return undefined;
    });
    if (response?.ok === true) return response.json();
    const isTemporary = response === undefined || response.status === 429 || response.status >= 500;
    if (response && (!isTemporary || attempt === ATTEMPTS)) throw await toError(response);
    // An answer that nobody reads would keep its connection.
    await response?.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS * attempt));
  }
}

async function toError(response: Response): Promise<Error> {
  const { reason } = (await response.json().catch(() => ({}))) as { reason?: string };
  return new Error(`Open-Meteo answers with status ${response.status}: ${reason ?? 'no reason is given'}`);
}
