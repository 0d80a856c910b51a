import { shownNumber } from '../chart/model/text';
import { isoTime } from '../chart/model/zone';

export type Flow = 'import' | 'export' | 'production' | 'charge' | 'discharge' | 'flexible' | 'inflexible';

/** An energy balance as the API answers it. */
export interface BalanceAnswer {
  start: string;
  resolution: string;
  now: string;
  timezone: string;
  flows: Record<Flow, (number | null)[]>;
}

/** A flow as it is drawn. */
export interface DrawnFlow {
  flow: Flow;
  name: string;
  /** What comes in is drawn above zero, what goes out below. */
  sign: 1 | -1;
}

/** The flows in the order in which they are stacked from zero. */
export const DRAWN_FLOWS: readonly DrawnFlow[] = [
  { flow: 'production', name: 'Solar and other production', sign: 1 },
  { flow: 'discharge', name: 'Storage discharge', sign: 1 },
  { flow: 'import', name: 'Import', sign: 1 },
  { flow: 'inflexible', name: 'Inflexible load', sign: -1 },
  { flow: 'flexible', name: 'Flexible load', sign: -1 },
  { flow: 'charge', name: 'Storage charge', sign: -1 },
  { flow: 'export', name: 'Export', sign: -1 },
];

/** A balance with times as epoch milliseconds. */
export interface Balance {
  startMs: number;
  stepMs: number;
  nowMs: number;
  zone: string;
  flows: BalanceAnswer['flows'];
  steps: number;
}

const LENGTHS: Record<string, number> = { PT15M: 900_000, PT1H: 3_600_000 };

/** @throws Error for a length of steps that the API does not have */
export function readBalance({ start, resolution, now, timezone, flows }: BalanceAnswer): Balance {
  const stepMs = LENGTHS[resolution];
  if (stepMs === undefined) throw new Error(`Steps of ${resolution} cannot be drawn.`);
  return {
    ...{ startMs: Date.parse(start), stepMs, nowMs: Date.parse(now), zone: timezone, flows },
    steps: flows.import.length,
  };
}

/** Indices of the flows that occur. */
export const flowsIn = ({ flows }: Balance): DrawnFlow[] =>
  DRAWN_FLOWS.filter(({ flow }) => flows[flow].some((power) => power !== null && power !== 0));

/** Periods in which import and export are not known, as steps. */
export function unknownSpans({ flows, steps }: Balance): { from: number; until: number }[] {
  const spans: { from: number; until: number }[] = [];
  for (let step = 0; step < steps; step++) {
    if (flows.import[step] !== null) continue;
    const last = spans.at(-1);
    if (last?.until === step) last.until = step + 1;
    else spans.push({ from: step, until: step + 1 });
  }
  return spans;
}

/** The values of a step: "Import 1.5 kW". */
export const valuesAt = (balance: Balance, step: number, shown: readonly DrawnFlow[]): string[] =>
  shown.map(({ flow, name }) => {
    const power = balance.flows[flow][step];
    return power == null ? `${name} not known` : `${name} ${shownNumber(power)} kW`;
  });

/** All steps as CSV, in kW. */
export function toCsv(balance: Balance): string {
  const { startMs, stepMs, nowMs, zone, flows, steps } = balance;
  const rows = Array.from({ length: steps }, (_, step) => {
    const timeMs = startMs + step * stepMs;
    const powers = DRAWN_FLOWS.map(({ flow }) => flows[flow][step] ?? '');
    return [isoTime(timeMs, zone), timeMs + stepMs <= nowMs ? 'measured' : 'planned', ...powers].join(',');
  });
  const header = ['start', 'kind', ...DRAWN_FLOWS.map(({ flow }) => `${flow} (kW)`)].join(',');
  return [header, ...rows].map((row) => `${row}\r\n`).join('');
}
