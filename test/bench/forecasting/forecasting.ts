import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  computeAccuracy,
  buildCalendar,
  computeCoverage,
  KnownValues,
  naiveForecast,
  NAIVE_METHODS,
  rollingForecasts,
  type ForecastData,
} from '#lib/forecasting/model';
import type { Figure } from '../figures';
import { benchForecastingSpeed } from './forecasting-speed';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DATA = resolve('..', 'shared', 'data');
const TEST_DAYS = 90;
/** Days between the end of the test and the end of the series: BENCH_TEST_ENDS=150 tests another season. */
const TEST_ENDS_DAYS = Number(process.env['BENCH_TEST_ENDS'] ?? 0);
const HISTORY_DAYS = 90;
const HORIZON_HOURS = [1, 6, 24, 48];

interface Case {
  name: string;
  file: string;
  column: string;
  zone: string;
  /** Columns of measured weather. */
  weather: string[];
  /** Accuracies at 1, 6, 24 and 48 hours that FlexMeasures' documentation names for this kind of asset, in %. */
  documented: number[];
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
    ['temperature_degC'],
  ),
  aCase('load, Germany', 'weather_load_de_2010_hourly.csv', 'load_kW', 'Europe/Berlin', BUILDING, [
    'temperature_degC',
    'ghi_W_per_m2',
  ]),
  aCase('load, household', HOUSEHOLD, 'load_kW', 'Europe/Berlin', BUILDING),
  aCase('load, home', HOME, 'load_kW', 'Etc/GMT+8', BUILDING, ['outdoor_temperature_degC']),
  aCase('solar, Austria', POWER_SYSTEM, 'solar_generation_MW', 'Europe/Vienna', SOLAR),
  aCase('solar, household', HOUSEHOLD, 'pv_production_kW', 'Europe/Berlin', SOLAR),
  aCase('solar, home', HOME, 'pv_production_W_per_kWp', 'Etc/GMT+8', SOLAR, [
    'diffuse_irradiance_W_per_m2',
    'direct_irradiance_W_per_m2',
    'outdoor_temperature_degC',
  ]),
  aCase('wind, Austria', POWER_SYSTEM, 'wind_onshore_generation_MW', 'Europe/Vienna', WIND),
  aCase('wind, one plant', 'wind_plant_site1_weather_2019_hourly.csv', 'power_normalized_p_u', 'UTC', WIND, [
    'wind_speed_100m_m_per_s',
    'wind_gusts_10m_m_per_s',
  ]),
];

function aCase(
  name: string,
  file: string,
  column: string,
  zone: string,
  documented: number[],
  weather: string[] = [],
): Case {
  return { name, file, column, zone, documented, weather };
}

/** Accuracy on real series, if the files exist, and speed. */
export function benchForecasting(): Promise<Figure[]> {
  if (existsSync(DATA)) {
    console.log(
      `Accuracy (1 - WAPE, %) over ${TEST_DAYS} days, ${TEST_ENDS_DAYS} before the end, rolling, models fitted anew every day.`,
    );
    console.log(
      'Then the better one of two guesses: the last value; the same time on the latest known day or in the latest ' +
        'known week. Then how many values lay within the 10-90 % band, of those that are uncertain. Last what ' +
        'FlexMeasures documents for this kind of asset.\n',
    );
    for (const one of CASES) for (const line of accuracyLines(one, [])) console.log(line);
    console.log(
      '\nPerfect weather foresight: with the weather that was measured later. Not to be had in practice.\n',
    );
    for (const one of CASES.filter(({ weather }) => weather.length > 0))
      for (const line of accuracyLines(one, one.weather)) console.log(line);
  } else console.log('The real series are not at hand: accuracy is left out.');
  return benchForecastingSpeed();
}

/** A series with its regressors, each as values on the same steps. */
function readSeries({ file, column, zone }: Case, regressors: string[]): ForecastData {
  const [header, ...lines] = readFileSync(resolve(DATA, file), 'utf8').trim().split('\n');
  const names = header!.split(',');
  const rows = lines.map((line) => line.split(','));
  const times = rows.map(([time]) => Date.parse(time!));
  const startMs = times[0]!;
  const stepMs = times[1]! - startMs;
  const valuesOf = (name: string): Float64Array => {
    const at = names.indexOf(name);
    const values = new Float64Array((times[times.length - 1]! - startMs) / stepMs + 1).fill(NaN);
    rows.forEach((row, i) => {
      if (row[at] !== '') values[(times[i]! - startMs) / stepMs] = Number(row[at]);
    });
    return values;
  };
  return {
    series: { startMs, stepMs, values: valuesOf(column) },
    zone,
    regressors: regressors.map(valuesOf),
  };
}

function* accuracyLines(one: Case, regressors: string[]): Generator<string> {
  const data = readSeries(one, regressors);
  const { stepMs, values } = data.series;
  const day = DAY_MS / stepMs;
  const inputs = { known: new KnownValues(values, 6), stepMs, calendar: buildCalendar(data, values.length) };
  const until = values.length - TEST_ENDS_DAYS * day;
  const from = until - TEST_DAYS * day;
  const actual = values.subarray(from, until);
  const accuracy = (forecasts: Float64Array) => 100 * (1 - computeAccuracy(forecasts, actual).wape);
  for (const [i, hours] of HORIZON_HOURS.entries()) {
    const horizonSteps = (hours * HOUR_MS) / stepMs;
    const { values: forecasts, quantiles } = rollingForecasts(data, {
      ...{ horizonSteps, from, until, historySteps: HISTORY_DAYS * day },
      quantiles: [0.1, 0.5, 0.9],
    });
    const reached = accuracy(forecasts);
    const [last, ...seasonal] = NAIVE_METHODS.map((method) =>
      accuracy(actual.map((_, at) => naiveForecast(method, inputs, from + at, horizonSteps))),
    );
    const season = Math.max(...seasonal);
    const covered = 100 * computeCoverage(quantiles[0]!, quantiles[2]!, actual);
    yield `| ${one.name.padEnd(24)} | ${String(hours).padStart(2)} h | ${[reached, last!, season]
      .map((value) => value.toFixed(1).padStart(5))
      .join(
        ' | ',
      )} | ${covered.toFixed(0)} | ${one.documented[i]!.toFixed(1)} |${reached > Math.max(last!, season) ? '' : ' NOT BETTER'}`;
  }
}
