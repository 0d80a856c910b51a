import fc from 'fast-check';
import { runAtOnce } from '#lib/concurrency';
import { DAY_MS, exactBins, floorToStep, HOUR_MS, MINUTE_MS, nominalBins, parseInstant } from '#lib/time';
import { EX_POST } from '../knowledge/knowledge-horizon';
import { eventsOfPost } from '../posting/posted-series';
import { someBeliefs } from '../reference/beliefs.fixture';
import { LongerEventStream } from './longer-event-stream';
import { resampleBeliefs } from './resample-beliefs';
import { resampleValues, type EventValues } from './resample-values';
import type { Aggregation } from './aggregation';

const QUARTER_MS = 15 * MINUTE_MS;
const zone = 'Europe/Amsterdam';
const days = ['2026-03-27T23:00Z', '2026-10-23T22:00Z', '2026-06-30T22:00Z'].map(parseInstant);

const series = fc.record({
  startMs: fc.constantFrom(...days),
  values: fc.array(fc.option(fc.integer({ min: -99, max: 99 }), { nil: NaN, freq: 5 }), {
    minLength: 1,
    maxLength: 75,
  }),
  aggregation: fc.constantFrom<Aggregation>('mean', 'sum'),
});

const known = ({ eventStarts, values }: EventValues): [number, number][] =>
  Array.from(eventStarts, (start, i): [number, number] => [start, values[i]!]).filter(
    ([, value]) => !Number.isNaN(value),
  );
const rounded = (events: [number, number][]) =>
  events.map(([start, value]) => [start, Number(value.toFixed(9))]);

function believed(
  events: EventValues,
  resampling: { fromMs: number; toMs: number; aggregation: Aggregation },
) {
  const beliefs = someBeliefs(known(events).map(([eventStart, value]) => ({ eventStart, value })));
  return resampleBeliefs(beliefs, { ...resampling, zone, knowledgeHorizon: EX_POST });
}

describe('values, beliefs, imported rows and posts', () => {
  it.each([
    [QUARTER_MS, HOUR_MS],
    [HOUR_MS, DAY_MS],
  ])('get the same longer events: from %d ms to %d ms', (fromMs, toMs) => {
    fc.assert(
      fc.property(series, ({ startMs, values, aggregation }) => {
        const eventStarts = Float64Array.from(values, (_, i) => startMs + i * fromMs);
        const events = { eventStarts, values: Float64Array.from(values) };
        const step = toMs === DAY_MS ? { days: 1 } : { hours: 1 };
        const bins = nominalBins(startMs, startMs + values.length * fromMs, step, zone);
        const read = resampleValues(events, { resolutionMs: fromMs, aggregation, zone }, bins);
        const expected = rounded(known({ eventStarts: bins.starts, values: read }));
        const beliefs = believed(events, { fromMs, toMs, aggregation });
        expect(rounded(known(beliefs))).toEqual(expected);
        const stream = new LongerEventStream({ fromMs, toMs, aggregation, zone });
        for (const [start, value] of known(events)) stream.add(start, NaN, value);
        expect(rounded(known(runAtOnce(stream.takeRest())))).toEqual(expected);
      }),
      { numRuns: 100, seed: 20_260_328 },
    );
  });

  it.each([
    [HOUR_MS, QUARTER_MS],
    [DAY_MS, HOUR_MS],
  ])('get the same shorter events: from %d ms to %d ms', (fromMs, toMs) => {
    fc.assert(
      fc.property(series, ({ startMs, values, aggregation }) => {
        const eventStarts = Float64Array.from(values, (_, i) =>
          floorToStep(startMs + i * fromMs + HOUR_MS, fromMs, zone),
        );
        const events = { eventStarts, values: Float64Array.from(values) };
        const bins = exactBins(eventStarts[0]!, eventStarts.at(-1)! + 25 * HOUR_MS, toMs);
        const read = resampleValues(events, { resolutionMs: fromMs, aggregation, zone }, bins);
        const expected = rounded(known({ eventStarts: bins.starts, values: read }));
        expect(rounded(known(believed(events, { fromMs, toMs, aggregation })))).toEqual(expected);
        if (fromMs === HOUR_MS) {
          const unit = aggregation === 'mean' ? 'kW' : 'kWh';
          const post = {
            startMs: eventStarts[0]!,
            durationMs: values.length * fromMs,
            values: events.values,
            unit,
          };
          expect(rounded(known(eventsOfPost(post, { resolutionMs: toMs, unit })))).toEqual(expected);
        }
      }),
      { numRuns: 100, seed: 20_260_329 },
    );
  });
});
