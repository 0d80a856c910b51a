import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  accuracyOf,
  KnownValues,
  naiveForecast,
  NAIVE_METHODS,
  rollingForecasts,
  type ForecastData,
} from '#lib/forecasting/model';
import { measure, type Figure } from './figures';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DATA = resolve('..', 'shared', 'data');
const TEST_DAYS = 90;
const HISTORY_DAYS = 90;
const HORIZON_HOURS = [1, 6, 24, 48];

interface Case {
  name: string;
  file: string;
  column: string;
  zone: string;
  /** Accuracies at 1, 6, 24 and 48 hours that FlexMeasures' documentation names for this kind of asset, in %. */
  documented: number[] | undefined;
}

const BUILDING = [93.4, 92.6, 92.4, 92.1];
const SOLAR = [95.2, 83.7, 46.1, 43.3];
const WIND = [81.6, 73.8, 60.1, 56.9];
const DAY_AHEAD = [88.0, 81.9, 81.4, 72.3];

const POWER_SYSTEM = 'at_power_system_2019_hourly.csv';
const HOUSEHOLD = 'household_load_pv_2014_15min.csv';
const HOME = 'home1_load_pv_weather_2016-08_2017-07_hourly.csv';

const CASES: Case[] = [
  aCase(
    'day-ahead price, Belgium',
    'be_day_ahead_price_2023_hourly.csv',
    'price_day_ahead_EUR_per_MWh',
    'Europe/Brussels',
    DAY_AHEAD,
  ),
  aCase('load, Austria', POWER_SYSTEM, 'load_actual_MW', 'Europe/Vienna', BUILDING),
  aCase(
    'load, Victoria',
    'victoria_demand_temperature_2013_30min.csv',
    'demand_MW',
    'Australia/Melbourne',
    BUILDING,
  ),
  aCase('load, Germany', 'weather_load_de_2010_hourly.csv', 'load_kW', 'Europe/Berlin', BUILDING),
  aCase('load, household', HOUSEHOLD, 'load_kW', 'Europe/Berlin', BUILDING),
  aCase('load, home', HOME, 'load_kW', 'Etc/GMT+8', BUILDING),
  aCase('solar, Austria', POWER_SYSTEM, 'solar_generation_MW', 'Europe/Vienna', SOLAR),
  aCase('solar, household', HOUSEHOLD, 'pv_production_kW', 'Europe/Berlin', SOLAR),
  aCase('solar, home', HOME, 'pv_production_W_per_kWp', 'Etc/GMT+8', SOLAR),
  aCase('wind, Austria', POWER_SYSTEM, 'wind_onshore_generation_MW', 'Europe/Vienna', WIND),
  aCase('wind, one plant', 'wind_plant_site1_weather_2019_hourly.csv', 'power_normalized_p_u', 'UTC', WIND),
];

function aCase(name: string, file: string, column: string, zone: string, documented?: number[]): Case {
  return { name, file, column, zone, documented };
}

/** Accuracy on real series where they are at hand, and speed. */
export async function benchForecasting(): Promise<Figure[]> {
  if (existsSync(DATA)) {
    console.log(
      `Accuracy (1 - WAPE, %) of the last ${TEST_DAYS} days, forecast day by day; the naive ones are the last value, ` +
        'the same time yesterday and the same time last week; then the share of values within the 10-90 % band, of ' +
        'those that are uncertain; last what FlexMeasures documents for this kind of asset.',
    );
    for (const one of CASES) for (const line of accuracyLines(one)) console.log(line);
  } else console.log('The real series are not at hand: accuracy is left out.');
  return benchSpeed();
}

function readSeries({ file, column, zone }: Case): ForecastData {
  const [header, ...lines] = readFileSync(resolve(DATA, file), 'utf8').trim().split('\n');
  const at = header!.split(',').indexOf(column);
  const rows = lines.map((line) => line.split(','));
  const times = rows.map(([time]) => Date.parse(time!));
  const startMs = times[0]!;
  const stepMs = times[1]! - startMs;
  const values = new Float64Array((times[times.length - 1]! - startMs) / stepMs + 1).fill(NaN);
  rows.forEach((row, i) => {
    if (row[at] !== '') values[(times[i]! - startMs) / stepMs] = Number(row[at]);
  });
  return { series: { startMs, stepMs, values }, zone };
}

function* accuracyLines(one: Case): Generator<string> {
  const data = readSeries(one);
  const { stepMs, values } = data.series;
  const day = DAY_MS / stepMs;
  const known = new KnownValues(values, 6);
  const from = values.length - TEST_DAYS * day;
  const actual = values.subarray(from);
  const accuracy = (forecasts: Float64Array) => 100 * (1 - accuracyOf(forecasts, actual).wape);
  for (const [i, hours] of HORIZON_HOURS.entries()) {
    const horizonSteps = (hours * HOUR_MS) / stepMs;
    const quantiles = [0.1, 0.5, 0.9];
    const request = { horizonSteps, from, until: values.length, historySteps: HISTORY_DAYS * day, quantiles };
    const forecasts = rollingForecasts(data, request);
    const reached = accuracy(forecasts.values);
    const naive = NAIVE_METHODS.map((method) =>
      accuracy(actual.map((_, at) => naiveForecast(method, data.series, known, from + at, horizonSteps))),
    );
    const better = reached > Math.max(...naive) ? '' : '  NOT BETTER';
    yield `${one.name.padEnd(26)} ${String(hours).padStart(2)} h  ${reached.toFixed(1)}  (${naive
      .map((value) => value.toFixed(1))
      .join(', ')})  band ${coverage(actual, forecasts.quantiles).toFixed(0)} %  documented ${
      one.documented?.[i]?.toFixed(1) ?? '-'
    }${better}`;
  }
}

/** Share of values within the band, in %, of those that the band leaves room for. */
function coverage(actual: Float64Array, [low, , high]: Float64Array[]): number {
  const largest = actual.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  let [inside, counted] = [0, 0];
  actual.forEach((value, i) => {
    if (Number.isNaN(value) || !(high![i]! - low![i]! > 1e-3 * largest)) return;
    counted++;
    if (value >= low![i]! && value <= high![i]!) inside++;
  });
  return (100 * inside) / counted;
}

/** One sensor at 15 minutes with 30 days of history: four models, and forecasts for 48 hours by each. */
async function benchSpeed(): Promise<Figure[]> {
  const day = 96;
  const values = Float64Array.from({ length: 30 * day }, (_, i) =>
    Math.max(0, 3 + 2 * Math.sin((2 * Math.PI * i) / day) + Math.sin(i * i)),
  );
  const data: ForecastData = {
    series: { startMs: Date.UTC(2026, 0, 1), stepMs: 900_000, values },
    zone: 'UTC',
  };
  const forecast = () => {
    for (const hours of HORIZON_HOURS) {
      const horizonSteps = 4 * hours;
      const from = values.length;
      const request = { horizonSteps, from, until: from + horizonSteps, historySteps: 30 * day };
      rollingForecasts(data, { ...request, quantiles: [0.1, 0.5, 0.9] });
    }
    return Promise.resolve();
  };
  const one = await measure('1 sensor at 15 min, 30 days of history, 4 horizons', forecast);
  return [one];
}
