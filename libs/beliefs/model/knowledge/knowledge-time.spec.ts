import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseInstant } from '#lib/time';
import { errorOf } from '../reference/beliefs.fixture';
import { parseKnowledgeHorizon, type KnowledgeHorizon } from './knowledge-horizon';
import {
  beliefHorizonsAt,
  knowledgeHorizonBounds,
  knowledgeTimeAt,
  knowledgeTimesAt,
} from './knowledge-time';
import { seedOrDefault } from '../../../../test/harness/effort';

const QUARTER_MS = 15 * MINUTE_MS;
const gateClosure = parseKnowledgeHorizon('x_days_ago_at_y_oclock', { x: 1, y: 12, z: 'Europe/Paris' });

describe('parseKnowledgeHorizon', () => {
  it('reads a rule without arguments as ex_post: events are known when they end', () => {
    expect(parseKnowledgeHorizon('ex_post', {})).toEqual({
      fnc: 'ex_post',
      par: { ex_post_horizon: 'PT0H' },
    });
    expect(parseKnowledgeHorizon('ex_post', null)).toEqual(parseKnowledgeHorizon('ex_post', {}));
  });

  it.each([
    ['in_advance', {}, 'knowledge_horizon_fnc'],
    ['ex_ante', {}, 'knowledge_horizon_par.ex_ante_horizon'],
    ['ex_ante', { ex_ante_horizon: 'P1M' }, 'knowledge_horizon_par.ex_ante_horizon'],
    ['ex_post', { ex_post_horizon: 15 }, 'knowledge_horizon_par.ex_post_horizon'],
    ['at_date', { knowledge_time: '2024-01-01T00:00' }, 'knowledge_horizon_par.knowledge_time'],
    ['ex_ante', { ex_ante_horizon: 'PT9999999H' }, 'knowledge_horizon_par.ex_ante_horizon'],
    ['x_days_ago_at_y_oclock', { x: 40_000, y: 12, z: 'Europe/Paris' }, 'knowledge_horizon_par.x'],
    ['x_days_ago_at_y_oclock', { x: 0.5, y: 12, z: 'Europe/Paris' }, 'knowledge_horizon_par.x'],
    ['x_days_ago_at_y_oclock', { x: 1, y: 25, z: 'Europe/Paris' }, 'knowledge_horizon_par.y'],
    ['x_days_ago_at_y_oclock', { x: 1, y: 12, z: 'Europe/Atlantis' }, 'knowledge_horizon_par.z'],
    ['x_days_ago_at_y_oclock', { x: 1, y: 12 }, 'knowledge_horizon_par.z'],
  ])('rejects %s %j and names %s', (fnc, par, field) => {
    expect(errorOf(() => parseKnowledgeHorizon(fnc, par))).toMatchObject({
      code: 'KNOWLEDGE_HORIZON_INVALID',
      field,
    });
  });
});

describe('knowledgeTimeAt', () => {
  const noon = parseInstant('2024-05-01T12:00Z');

  it('is the end of the event, or an offset after it, for ex_post', () => {
    const late = parseKnowledgeHorizon('ex_post', { ex_post_horizon: 'PT1H' });
    expect(knowledgeTimeAt(noon, QUARTER_MS, parseKnowledgeHorizon('ex_post', {}))).toBe(noon + QUARTER_MS);
    expect(knowledgeTimeAt(noon, 0, parseKnowledgeHorizon('ex_post', {}))).toBe(noon);
    expect(knowledgeTimeAt(noon, QUARTER_MS, late)).toBe(noon + QUARTER_MS + HOUR_MS);
  });

  it('is an offset before the start of the event for ex_ante', () => {
    const early = parseKnowledgeHorizon('ex_ante', { ex_ante_horizon: 'PT36H' });
    expect(knowledgeTimeAt(noon, QUARTER_MS, early)).toBe(noon - 36 * HOUR_MS);
  });

  it.each([
    ['2024-03-31T00:00+01:00', '2024-03-30T12:00+01:00'],
    ['2024-03-31T23:45+02:00', '2024-03-30T12:00+01:00'],
    ['2024-04-01T00:00+02:00', '2024-03-31T12:00+02:00'],
    ['2024-10-28T00:00+01:00', '2024-10-27T12:00+01:00'],
  ])('is noon on the local clock of the day before %s', (event, known) => {
    expect(knowledgeTimeAt(parseInstant(event), HOUR_MS, gateClosure)).toBe(parseInstant(known));
  });

  it('takes fractions of hours, the first of an hour that occurs twice, and the moment after a skipped hour', () => {
    const at = (y: number): KnowledgeHorizon =>
      parseKnowledgeHorizon('x_days_ago_at_y_oclock', { x: 1, y, z: 'Europe/Paris' });
    expect(knowledgeTimeAt(noon, 0, at(14.25))).toBe(parseInstant('2024-04-30T14:15+02:00'));
    const afterAutumn = parseInstant('2024-10-28T12:00+01:00');
    expect(knowledgeTimeAt(afterAutumn, 0, at(2.5))).toBe(parseInstant('2024-10-27T02:30+02:00'));
    const afterSpring = parseInstant('2024-04-01T12:00+02:00');
    expect(knowledgeTimeAt(afterSpring, 0, at(2.5))).toBe(parseInstant('2024-03-31T03:30+02:00'));
  });
});

describe('knowledgeTimesAt, knowledgeHorizonBounds and beliefHorizonsAt', () => {
  const zones = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu'];
  const daysAgo = fc
    .record({
      x: fc.integer({ min: 0, max: 40 }),
      y: fc.double({ min: 0, max: 24, noNaN: true }),
      z: fc.constantFrom(...zones),
    })
    .map((par) => parseKnowledgeHorizon('x_days_ago_at_y_oclock', par));
  const starts = fc.array(fc.integer({ min: Date.UTC(2009, 0), max: Date.UTC(2030, 0) }), { minLength: 1 });

  it('agree with knowledgeTimeAt, and knowledge horizons lie within the bounds', () => {
    fc.assert(
      fc.property(daysAgo, starts, (horizon, times) => {
        const eventStarts = Float64Array.from(times);
        const { minMs, maxMs } = knowledgeHorizonBounds(QUARTER_MS, horizon);
        for (const [i, known] of knowledgeTimesAt(eventStarts, QUARTER_MS, horizon).entries()) {
          expect(known).toBe(knowledgeTimeAt(times[i]!, QUARTER_MS, horizon));
          expect(times[i]! - known).toBeGreaterThanOrEqual(minMs);
          expect(times[i]! - known).toBeLessThanOrEqual(maxMs);
        }
      }),
      { seed: seedOrDefault(20_260_101) },
    );
  });

  it('give equal bounds for a fixed knowledge horizon, and no bounds for a date', () => {
    expect(knowledgeHorizonBounds(QUARTER_MS, parseKnowledgeHorizon('ex_post', {}))).toEqual({
      minMs: -QUARTER_MS,
      maxMs: -QUARTER_MS,
    });
    const atDate = parseKnowledgeHorizon('at_date', { knowledge_time: '2024-01-01T00:00Z' });
    expect(knowledgeHorizonBounds(QUARTER_MS, atDate)).toEqual({ minMs: -Infinity, maxMs: Infinity });
  });

  it('compute horizons from one belief time or from one per event', () => {
    const events = Float64Array.of(0, DAY_MS);
    const exPost = parseKnowledgeHorizon('ex_post', {});
    expect(Array.from(beliefHorizonsAt(events, 0, HOUR_MS, exPost))).toEqual([HOUR_MS, DAY_MS + HOUR_MS]);
    expect(Array.from(beliefHorizonsAt(events, Float64Array.of(HOUR_MS, 0), HOUR_MS, exPost))).toEqual([
      0,
      DAY_MS + HOUR_MS,
    ]);
  });
});
