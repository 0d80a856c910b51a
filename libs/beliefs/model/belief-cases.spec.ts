import { DAY_MS, HOUR_MS, MINUTE_MS, parseDurationMs, parseInstant } from '#lib/time';
import golden from '../../../test/golden/belief-cases.json';
import {
  concatBeliefs,
  fixedViewpoint,
  knowledgeTimeAt,
  parseKnowledgeHorizon,
  pickBeliefs,
  readWindow,
  resampleBeliefs,
  resampleInstants,
  rollingViewpoint,
  searchBeliefs,
  unchangedMask,
  type BeliefColumns,
  type InstantMethod,
} from './index';
import { someBeliefs } from './reference/beliefs.fixture';
import { wallClockSteps } from './reference/wall-clock-steps';

/** The fields that the cases have, by kind; a field that a case lacks reads as undefined. */
interface BeliefCase {
  id: string;
  kind: string;
  setup: Setup;
  event_starts_after: string | null;
  event_ends_before: string;
  query_resolution: string | null;
  beliefs_after: string | null;
  beliefs_before: string | null;
  belief_horizon: string;
  belief_time_window: [string, string];
  stored: { event_start: string; value: number; horizon: string; cp: number }[];
  steps: Record<string, unknown>[];
  values: number[];
  timezone: string;
  start: string;
  number_of_hourly_values: number;
  to_frequency?: string;
  to: string;
  method: InstantMethod | null;
  function: string;
  args: Record<string, unknown>;
  expected: unknown;
  expected_number: number;
  expected_values: number[];
  expected_knowledge_time: string;
  expected_knowledge_horizons: string[];
  expected_belief_horizons: string[];
  expected_cdf_at_event_start_10_00: number[];
}

interface Setup {
  resolution: string;
  event_resolution: string;
  events: Record<string, number>;
  beliefs: { event_start: string; belief_time: string; value: number }[];
}

const EX_POST = parseKnowledgeHorizon('ex_post', {});
const DAY_AHEAD = parseKnowledgeHorizon('x_days_ago_at_y_oclock', { x: 1, y: 12, z: 'Europe/Amsterdam' });
const maybeInstant = (text: string | null) => (text === null ? undefined : parseInstant(text));

const checks: Record<string, (beliefCase: BeliefCase) => void> = {
  query_count: checkCount,
  drop_unchanged_on_save: checkSaving,
  rolling_viewpoint: (beliefCase) => {
    const { beliefs, sensor } = setUp(beliefCase.setup);
    const known = searchBeliefs(beliefs, sensor, {
      beliefsBeforeMs: maybeInstant(beliefCase.beliefs_before),
    });
    const seen = rollingViewpoint(known, sensor, parseDurationMs(beliefCase.belief_horizon));
    expect(Array.from(seen.values)).toEqual(beliefCase.expected_values);
  },
  fixed_viewpoint: (beliefCase) => {
    const { beliefs, sensor } = setUp(beliefCase.setup);
    const known = searchBeliefs(beliefs, sensor, {
      beliefsBeforeMs: maybeInstant(beliefCase.beliefs_before),
    });
    const [from, to] = beliefCase.belief_time_window.map(parseInstant);
    expect(Array.from(fixedViewpoint(known, sensor, to!, from).values)).toEqual(beliefCase.expected_values);
  },
  belief_time_filter: (beliefCase) => {
    const { beliefs, sensor } = setUp(beliefCase.setup, DAY_AHEAD);
    const found = searchBeliefs(beliefs, sensor, {
      beliefsAfterMs: maybeInstant(beliefCase.beliefs_after),
      beliefsBeforeMs: maybeInstant(beliefCase.beliefs_before),
    });
    expect(found.values).toHaveLength(beliefCase.expected_number);
    const knowledgeTime = knowledgeTimeAt(beliefs.eventStarts[0]!, sensor.resolutionMs, DAY_AHEAD);
    expect(knowledgeTime).toBe(parseInstant(beliefCase.expected_knowledge_time));
  },
  knowledge_horizon: checkSingleKnowledgeTime,
  knowledge_horizon_function: (beliefCase) => {
    const { event_start: eventStart, ...par } = beliefCase.args;
    const start = typeof eventStart === 'string' ? parseInstant(eventStart) : 0;
    const horizon = parseKnowledgeHorizon(beliefCase.function, par);
    expect(start - knowledgeTimeAt(start, 0, horizon)).toBe(parseDurationMs(beliefCase.expected as string));
  },
  unchanged_beliefs: ({ values, expected }) => {
    const beliefs = someBeliefs(
      values.map((value, i) => ({ value, horizonMs: (values.length - i) * HOUR_MS })),
    );
    const mask = unchangedMask(beliefs, someBeliefs([]));
    expect(values.map((value, i) => (mask[i] === 1 ? value : null))).toEqual(expected);
  },
  resample_instantaneous: (beliefCase) => {
    const start = parseInstant(beliefCase.start);
    const count = beliefCase.number_of_hourly_values;
    const times = Float64Array.from({ length: count }, (_, i) => start + i * HOUR_MS);
    const steps = wallClockSteps(
      start,
      times.at(-1)!,
      parseDurationMs(beliefCase.to_frequency!),
      beliefCase.timezone,
    );
    expect(
      onSteps(
        times,
        times.map((_, i) => i + 1),
        steps,
        beliefCase,
      ),
    ).toEqual(beliefCase.expected);
  },
  resample_instantaneous_frame: (beliefCase) => {
    const times = Float64Array.from(Object.keys(beliefCase.setup.events), parseInstant);
    const values = Float64Array.from(Object.values(beliefCase.setup.events));
    const steps = wallClockSteps(times[0]!, times.at(-1)!, parseDurationMs(beliefCase.to), 'UTC');
    const found = onSteps(times, values, steps, beliefCase);
    const entries = found.map((value, i) => [steps[i]!, value]).filter(([, value]) => value !== null);
    const expected = Object.entries(beliefCase.expected as Record<string, number>);
    expect(entries).toEqual(expected.map(([time, value]) => [parseInstant(time), value]));
  },
  resample_chain: checkChain,
  downsample_probabilistic: (beliefCase) => {
    const toMs = parseDurationMs(beliefCase.to);
    const resampled = resampleBeliefs(fourEvents([0.1587, 0.5, 0.8413]), {
      fromMs: 15 * MINUTE_MS,
      toMs,
      zone: 'UTC',
      aggregation: 'mean',
      knowledgeHorizon: EX_POST,
    });
    expect(resampled.values).toHaveLength(beliefCase.expected_number);
    const atTen = Array.from(resampled.eventStarts.entries()).filter(
      ([, start]) => start === parseInstant('2000-01-03T10:00Z'),
    );
    const cdf = atTen.slice(0, 5).map(([row]) => resampled.cumulativeProbabilities[row]!);
    for (const [i, expected] of beliefCase.expected_cdf_at_event_start_10_00.entries()) {
      expect(cdf[i]).toBeCloseTo(expected, 12);
    }
  },
};

describe('belief cases', () => {
  it.each(golden.cases.map((beliefCase) => [beliefCase.id, beliefCase]))('%s', (_id, beliefCase) => {
    const check = checks[beliefCase.kind];
    if (!check) throw new Error(`no check for kind ${beliefCase.kind}`);
    expect.hasAssertions();
    check(beliefCase as unknown as BeliefCase);
  });
});

function setUp(setup: Setup, knowledgeHorizon = EX_POST) {
  const resolutionMs = parseDurationMs(setup.event_resolution);
  const beliefs = setup.beliefs.map(({ event_start: start, belief_time: time, value }) => {
    const eventStart = parseInstant(start);
    const horizonMs = knowledgeTimeAt(eventStart, resolutionMs, knowledgeHorizon) - parseInstant(time);
    return { eventStart, horizonMs, value };
  });
  return { beliefs: someBeliefs(beliefs), sensor: { resolutionMs, knowledgeHorizon } };
}

function checkCount(beliefCase: BeliefCase): void {
  const resolutionMs = parseDurationMs(beliefCase.setup.resolution);
  const first = parseInstant('2015-01-01T00:00Z');
  const day = someBeliefs(
    Array.from({ length: 96 }, (_, i) => ({ eventStart: first + i * resolutionMs, value: i })),
  );
  const endMs = parseInstant(beliefCase.event_ends_before);
  const found = searchBeliefs(
    day,
    { resolutionMs, knowledgeHorizon: EX_POST },
    { eventStartsAfterMs: maybeInstant(beliefCase.event_starts_after), eventEndsBeforeMs: endMs },
  );
  const seconds = parseDurationMs(beliefCase.query_resolution ?? beliefCase.setup.resolution) / 1000;
  const { values } = readWindow(
    found,
    { resolutionMs, aggregation: 'mean', zone: 'UTC' },
    { startMs: maybeInstant(beliefCase.event_starts_after) ?? first, endMs, resolution: { seconds } },
  );
  expect(values.filter((value) => !Number.isNaN(value))).toHaveLength(beliefCase.expected_number);
}

function checkSaving({ stored, steps }: BeliefCase): void {
  const first = someBeliefs(
    stored.map(({ event_start: start, value, horizon, cp }) => ({
      eventStart: parseInstant(start),
      value,
      horizonMs: parseDurationMs(horizon),
      probability: cp,
    })),
  );
  const later = { ...first, beliefHorizons: first.beliefHorizons.map((horizon) => horizon - HOUR_MS) };
  const others = { ...first, sourceIds: first.sourceIds.map((id) => id + 1) };
  const probabilities = later.cumulativeProbabilities.map((cp) => (cp === 0.2 ? 0.3 : cp));
  const changed = pickBeliefs({ ...later, cumulativeProbabilities: probabilities }, [2, 3]);
  const incoming = [first, later, others, changed];
  for (const [i, { expected_number: total, expected_number_added: added }] of steps.entries()) {
    const saved = concatBeliefs([first, onlyChanged(incoming[i]!, first)]);
    expect(saved.values.length - (added === undefined ? 0 : first.values.length)).toBe(added ?? total);
  }
}

function onlyChanged(incoming: BeliefColumns, stored: BeliefColumns): BeliefColumns {
  const mask = unchangedMask(incoming, stored);
  return pickBeliefs(
    incoming,
    Array.from(mask.keys()).filter((row) => mask[row] === 0),
  );
}

function checkSingleKnowledgeTime(beliefCase: BeliefCase): void {
  const knowledgeTime = '1990-05-10T00:00Z';
  const horizon = parseKnowledgeHorizon('at_date', { knowledge_time: knowledgeTime });
  const starts = ['1990-06-01T00:00Z', '1990-06-02T00:00Z'].map(parseInstant);
  const known = starts.map((start) => knowledgeTimeAt(start, 0, horizon));
  expect(known.map((time) => time - parseInstant(knowledgeTime))).toEqual(
    beliefCase.expected_belief_horizons.map(parseDurationMs),
  );
  expect(starts.map((start, i) => start - known[i]!)).toEqual(
    beliefCase.expected_knowledge_horizons.map(parseDurationMs),
  );
}

function onSteps(
  times: Float64Array,
  values: Float64Array,
  steps: Float64Array,
  { method, to, to_frequency }: BeliefCase,
) {
  const stepMs = parseDurationMs(to_frequency ?? to);
  const found = resampleInstants(times, values, steps, stepMs, method ?? undefined);
  return Array.from(found, (value) => (Number.isNaN(value) ? null : value));
}

/** Four hourly quarters, of which two sources believe something at three times; see the cases' setup. */
function fourEvents(probabilities: number[]): BeliefColumns {
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  return someBeliefs(
    range(4).flatMap((e) =>
      range(3).flatMap((b) =>
        range(2).flatMap((s) =>
          probabilities.map((probability, p) => {
            const eventStart = parseInstant('2000-01-03T09:00Z') + e * HOUR_MS;
            const beliefTime = parseInstant('2000-01-01T00:00Z') + b * HOUR_MS;
            const median = probabilities.length === 1 ? 1 : p;
            const horizonMs = eventStart + 15 * MINUTE_MS - beliefTime;
            return {
              eventStart,
              horizonMs,
              sourceId: s,
              probability,
              value: 1000 * e + 100 * b + 10 * s + median,
            };
          }),
        ),
      ),
    ),
  );
}

/** Beliefs about events so much later, with the same horizons. */
const movedBy = (beliefs: BeliefColumns, ms: number): BeliefColumns => ({
  ...beliefs,
  eventStarts: beliefs.eventStarts.map((start) => start + ms),
});

function checkChain({ steps }: BeliefCase): void {
  let beliefs = fourEvents([0.5]);
  let fromMs = 15 * MINUTE_MS;
  for (const step of steps) {
    const toMs = parseDurationMs(step.to as string);
    // The days of the case start at the first event; ours start at midnight.
    const anchorMs = beliefs.eventStarts[0]!;
    const resampling = { fromMs, toMs, zone: 'UTC', aggregation: 'mean', knowledgeHorizon: EX_POST } as const;
    beliefs = movedBy(resampleBeliefs(movedBy(beliefs, -anchorMs), resampling), anchorMs);
    fromMs = toMs;
    expect(beliefs.values).toHaveLength(step.expected_number as number);
    expect(Array.from(beliefs.values)).toEqual(step.expected_values);
    const starts = new Set(beliefs.eventStarts);
    if (step.expected_event_starts)
      expect([...starts]).toEqual((step.expected_event_starts as string[]).map(parseInstant));
    const expected = (step.expected_knowledge_times ?? [step.expected_knowledge_time]) as string[];
    expect(Array.from(starts, (start) => knowledgeTimeAt(start, toMs, EX_POST))).toEqual(
      expected.map(parseInstant),
    );
    expect(beliefs.beliefHorizons[0]).toBe(
      parseInstant(expected[0]!) - (parseInstant('2000-01-03T09:00Z') - 57 * HOUR_MS),
    );
  }
  expect(fromMs).toBe(DAY_MS);
}
