import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DAY_MS, formatInstant, HOUR_MS, MINUTE_MS, WEEK_MS, ZoneClock } from '#lib/time';

export const STEP_MS = 15 * MINUTE_MS;

/** Length of the recorded series, and how many of these weeks are over when the demo is made. */
const WEEKS = 7;
const WEEKS_BEFORE = 6;

/** Weekday of the start of the recorded series: Monday, by ISO 8601. */
const MONDAY = 1;

/** A series of equal steps. */
export interface Series {
  startMs: number;
  stepMs: number;
  values: number[];
}

/** The recorded series of the demo, moved by whole weeks so that they are about now. */
export interface BuildingData {
  /** kW, in steps of 15 minutes. */
  consumption: Series;
  solar: Series;
  /** EUR/kWh, in steps of an hour, up to two days after the others. */
  price: Series;
}

/**
 * Reads the recorded series (apps/cli/data/building/README.md).
 * @param nowMs lies in the last week of them; the weekdays stay as they were recorded
 */
export function readBuildingData(nowMs: number): BuildingData {
  const startMs = startOfWeek(nowMs) - WEEKS_BEFORE * WEEK_MS;
  const [consumption = [], solar = []] = readColumns('household.csv');
  const [residualLoad = []] = readColumns('residual-load.csv');
  const steps = (WEEKS * WEEK_MS) / STEP_MS;
  if (consumption.length !== steps || solar.length !== steps)
    throw new Error(`household.csv must have ${steps} rows.`);
  return {
    consumption: { startMs, stepMs: STEP_MS, values: consumption },
    solar: { startMs, stepMs: STEP_MS, values: solar },
    price: { startMs, stepMs: HOUR_MS, values: residualLoad.map(priceOf) },
  };
}

/**
 * A tariff that follows the market: cheap when wind and sun feed the grid.
 * @param residualLoadGw load of the country that wind and sun do not cover
 * @returns EUR/kWh
 */
const priceOf = (residualLoadGw: number): number =>
  Math.round((0.14 + (3 * residualLoadGw - 50) / 1000) * 10_000) / 10_000;

/** The last Monday at 23:00 UTC of the day before: the series were recorded in UTC+1. */
function startOfWeek(nowMs: number): number {
  const days = Math.floor((nowMs + HOUR_MS) / DAY_MS);
  const weekday = new Date(days * DAY_MS).getUTCDay();
  return (days - ((weekday - MONDAY + 7) % 7)) * DAY_MS - HOUR_MS;
}

/** The values of a series from one instant until another. */
export function pick({ startMs, stepMs, values }: Series, fromMs: number, untilMs: number): Series {
  const first = Math.max(0, Math.ceil((fromMs - startMs) / stepMs));
  const last = Math.max(first, Math.ceil((untilMs - startMs) / stepMs));
  return { startMs: startMs + first * stepMs, stepMs, values: values.slice(first, last) };
}

/** The hour, by local time, at which the prices of the next day are published. */
const PUBLISHED_AT = 13;

/** The end of the day whose prices were published last: days of a zone have 23 to 25 hours. */
export function publishedUntilMs(nowMs: number, zone: string): number {
  const { date, hour } = localTime(nowMs, zone);
  const days = hour >= PUBLISHED_AT ? 2 : 1;
  return new ZoneClock(zone).resolveLocal(Date.parse(`${date}T00:00Z`) + days * DAY_MS);
}

function readColumns(name: string): number[][] {
  const [header = '', ...rows] = readFileSync(findFile(name), 'utf8').trim().split('\n');
  const cells = rows.map((row) => row.split(',').map(Number));
  return header.split(',').map((_, column) => cells.map((row) => row[column]!));
}

/** The data are not compiled, so they are above the compiled code. */
function findFile(name: string): string {
  const path = join('apps', 'cli', 'data', 'building', name);
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, path))) return join(folder, path);
  throw new Error(`${path} was not found above ${__dirname}.`);
}

/** Where the car is, by local time: it charges at home. */
export interface CarStep {
  isHome: boolean;
  /** Power that driving takes from its battery, kW. */
  drivingKw: number;
}

/** When the car is away on a day of the week (0: Sunday), local hours, and the energy of the trip, kWh. */
const TRIPS: Record<number, { from: number; until: number; kwh: number }> = {
  ...Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, { from: 7.5, until: 17.5, kwh: 12 }])),
  6: { from: 11, until: 15, kwh: 6 },
};

/** What the car does in a step. */
export function carAt(startMs: number, zone: string): CarStep {
  const { weekday, hour } = localTime(startMs, zone);
  const trip = TRIPS[weekday];
  if (!trip || hour < trip.from || hour >= trip.until) return { isHome: true, drivingKw: 0 };
  return { isHome: false, drivingKw: trip.kwh / (trip.until - trip.from) };
}

/** Whether the car leaves at an instant. */
export function leavesAt(ms: number, zone: string): boolean {
  return carAt(ms - STEP_MS, zone).isHome && !carAt(ms, zone).isHome;
}

function localTime(ms: number, zone: string): { date: string; weekday: number; hour: number } {
  const text = formatInstant(ms, zone);
  const date = text.slice(0, 10);
  return {
    date,
    weekday: new Date(`${date}T00:00Z`).getUTCDay(),
    hour: Number(text.slice(11, 13)) + Number(text.slice(14, 16)) / 60,
  };
}
