import type { JobKpis, ScheduleOutcome } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { dateAt, formatInstant } from '#lib/time';
import { durationInWords, timeInWords } from '../frame/words';
import { shownNumber } from '../graphs/latest-values.service';
import type { PlanPeriod } from './plan-picture';

/** A name and its text. */
export type Fact = [name: string, text: string];

/** Jobs of earlier versions lack the fields that were added later. */
export type PlanOutcome = Omit<ScheduleOutcome, Added> & Partial<Pick<ScheduleOutcome, Added>>;
type Added = 'conflicts' | 'kpis';

/** Another plan to compare with. */
export interface PlanBefore {
  outcome: PlanOutcome;
  period: PlanPeriod;
  /** Path of its page. */
  path: string;
}

/** Smaller amounts of money are rounding errors. */
const SMALLEST_GAP = 0.005;

/**
 * What pages show of a plan: what it costs and does, what it does not keep, and what would happen otherwise.
 * @param sensors power sensors of its devices
 */
export function planContent(
  outcome: PlanOutcome,
  period: PlanPeriod,
  sensors: readonly Pick<Sensor, 'id' | 'asset'>[],
  before?: PlanBefore,
) {
  const { currency, commitments } = outcome;
  const { startMs, stepMs, steps, timezone } = period;
  return {
    window: { first: dateAt(startMs, timezone), last: dateAt(startMs + steps * stepMs - 1, timezone) },
    facts: [
      [
        'Period',
        `${timeInWords(formatInstant(startMs, timezone))}, ${durationInWords(steps * stepMs)} in steps of ${durationInWords(stepMs)}`,
      ],
      ...moneyFacts(outcome),
      ...(outcome.kpis ? kpiFacts(outcome.kpis, sensors) : []),
    ] satisfies Fact[],
    comparison: comparisonOf(outcome, before),
    commitments: commitments.map(({ commitment, cost }) => ({
      name: commitment,
      cost: money(cost, currency),
    })),
    fallback: outcome.fallbackReason,
    conflicts: (outcome.conflicts ?? []).map(({ message }) => message),
    not_kept: notKept(outcome, timezone),
    warnings: outcome.warnings,
    remarks: outcome.remarks ?? [],
  };
}

/** The limits that a plan does not keep: each with its worst and its first moment. */
function notKept({ unresolved = [] }: PlanOutcome, timezone: string) {
  return unresolved.flatMap(({ asset, ...limits }) =>
    Object.entries(limits).map(([limit, moments]) => {
      const all = moments as { datetime: string; violation: string }[];
      const worst = [...all].sort((one, other) => amountOf(other) - amountOf(one))[0];
      const [first] = all;
      const time = first && timeInWords(formatInstant(Date.parse(first.datetime), timezone));
      return {
        ...{ asset, limit },
        how:
          worst === undefined
            ? ''
            : `by up to ${worst.violation}, at ${all.length} moments, the first at ${time}`,
      };
    }),
  );
}

const amountOf = ({ violation }: { violation: string }): number => Number.parseFloat(violation);

/** A plan beside what would happen without it, and the plan before it. */
function comparisonOf(outcome: PlanOutcome, before: PlanBefore | undefined) {
  const { withoutFlexibility: without, currency } = outcome;
  const columns = [
    { title: 'This plan', cost: outcome.cost, currency, kpis: outcome.kpis },
    ...(without ? [{ title: 'Without flexibility', ...without, currency }] : []),
    ...(before
      ? [
          {
            title: 'The plan before it',
            ...before.outcome,
            path: before.path,
            note: periodNote(before.period),
          },
        ]
      : []),
  ];
  if (columns.length === 1) return undefined;
  const row = (name: string, text: (one: (typeof columns)[number]) => string | undefined) => ({
    name,
    cells: columns.map((one) => text(one) ?? 'unknown'),
  });
  return {
    columns: columns.map((one) => ({ title: one.title, path: pathOf(one), note: noteOf(one) })),
    rows: [
      row('Cost', ({ cost, currency: unit }) => (cost === null ? undefined : money(cost, unit))),
      row('Taken from the grid', ({ kpis }) => kpis && energy(kpis.consumedMwh)),
      row('Fed into the grid', ({ kpis }) => kpis && energy(kpis.producedMwh)),
      row('Highest power taken', ({ kpis }) => kpis && power(kpis.peakConsumptionMw)),
      row('Highest power fed in', ({ kpis }) => kpis && power(kpis.peakProductionMw)),
      row('Full cycles of storages', ({ kpis }) => kpis && cyclesOf(kpis)),
    ],
  };
}

const pathOf = (column: object): string | undefined =>
  'path' in column ? (column.path as string) : undefined;
const noteOf = (column: object): string | undefined =>
  'note' in column ? (column.note as string) : undefined;

const periodNote = ({ startMs, stepMs, steps, timezone }: PlanPeriod): string =>
  `${timeInWords(formatInstant(startMs, timezone)).slice(0, 16)}, ${durationInWords(steps * stepMs)}`;

const cyclesOf = ({ storages }: JobKpis): string | undefined => {
  if (storages.length === 0) return 'none';
  const known = storages.filter(({ fullCycles }) => fullCycles !== null);
  return known.length === 0 ? undefined : known.map(({ fullCycles }) => shownNumber(fullCycles!)).join(', ');
};

/** With cents; of smaller amounts, the first digits. */
const money = (amount: number, currency: string | null): string =>
  [Math.abs(amount) >= 0.1 ? amount.toFixed(2) : shownNumber(amount), currency].filter(Boolean).join(' ');

function moneyFacts({ cost, currency, gap, withoutFlexibility }: PlanOutcome): Fact[] {
  if (cost === null) return [];
  const facts: Fact[] = [cost < 0 ? ['Earns', money(-cost, currency)] : ['Costs', money(cost, currency)]];
  if (withoutFlexibility) {
    const saved = withoutFlexibility.cost - cost;
    const name = saved < 0 ? 'Costs more than without flexibility' : 'Saves compared with no flexibility';
    facts.push([name, money(Math.abs(saved), currency)]);
  }
  if (gap !== null && gap >= SMALLEST_GAP) facts.push(['At most cheaper by', money(gap, currency)]);
  return facts;
}

function kpiFacts(kpis: JobKpis, sensors: readonly Pick<Sensor, 'id' | 'asset'>[]): Fact[] {
  const { consumedMwh, producedMwh, peakConsumptionMw, peakProductionMw, selfConsumption, storages } = kpis;
  const nameOf = (id: number): string => {
    const asset = sensors.find((sensor) => sensor.id === id)?.asset;
    return asset && storages.length > 1 ? `${asset.name}: ` : '';
  };
  const storageFacts = storages.flatMap(({ sensorId, chargedMwh, dischargedMwh, fullCycles }): Fact[] => [
    [`${nameOf(sensorId)}Charged and discharged`, `${energy(chargedMwh)} and ${energy(dischargedMwh)}`],
    ...(fullCycles === null ? [] : ([[`${nameOf(sensorId)}Full cycles`, shownNumber(fullCycles)]] as Fact[])),
  ]);
  return [
    ['Taken from the grid', `${energy(consumedMwh)}, at most ${power(peakConsumptionMw)}`],
    ['Fed into the grid', `${energy(producedMwh)}, at most ${power(peakProductionMw)}`],
    ...(selfConsumption === null
      ? []
      : ([['Own use of production', `${Math.round(selfConsumption * 100)} %`]] as Fact[])),
    ...storageFacts,
  ];
}

const energy = (mwh: number): string => inSmallerUnit(mwh, 'MWh', 'kWh');
const power = (mw: number): string => inSmallerUnit(mw, 'MW', 'kW');

const inSmallerUnit = (value: number, large: string, small: string): string =>
  Math.abs(value) >= 1 ? `${shownNumber(value)} ${large}` : `${shownNumber(value * 1000)} ${small}`;
