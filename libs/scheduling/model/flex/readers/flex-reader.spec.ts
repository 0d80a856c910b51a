import type { FlexGroup } from '../fields';
import { FlexReader } from './flex-reader';
import type { FlexSources } from './flex-sources';

const START = Date.parse('2026-03-04T06:00Z');
const HOUR_MS = 3_600_000;

const sources: FlexSources = {
  window: { startMs: START, stepMs: HOUR_MS, steps: 4, timezone: 'UTC' },
  readSensor: () => Promise.reject(new Error('No sensor is referred to.')),
  warn: () => undefined,
};

const entry = (value: string, fromHour: number, hours: number) => ({
  value,
  start: new Date(START + fromHour * HOUR_MS).toISOString(),
  duration: `PT${hours}H`,
});

const readerOf = <Group extends FlexGroup>(group: Group, given: Record<string, unknown>) =>
  new FlexReader(given, {}, sources, group);

describe('FlexReader.series', () => {
  const overlapping = [entry('5 kW', 0, 3), entry('3 kW', 1, 1), entry('9 kW', 2, 2)];

  it.each(['site-power-capacity', 'site-consumption-capacity', 'site-production-capacity'] as const)(
    'takes the lowest of overlapping entries of %s',
    async (name) => {
      const series = await readerOf('flex-context', { [name]: overlapping }).series(name);
      expect([...series!]).toEqual([0.005, 0.003, 0.005, 0.009]);
    },
  );

  it.each(['power-capacity', 'consumption-capacity', 'production-capacity'] as const)(
    'takes the lowest of overlapping entries of %s',
    async (name) => {
      const series = await readerOf('flex-model', { [name]: overlapping }).series(name);
      expect([...series!]).toEqual([0.005, 0.003, 0.005, 0.009]);
    },
  );

  it('takes the latest of overlapping entries of an efficiency', async () => {
    const name = 'charging-efficiency';
    const given = [entry('90%', 0, 3), entry('80%', 1, 1), entry('95%', 2, 2)];
    const series = await readerOf('flex-model', { [name]: given }).series(name);
    expect([...series!]).toEqual([0.9, 0.8, 0.95, 0.95]);
  });

  it('takes shares of a series, step by step', async () => {
    const read = (given: unknown, shareOf: Float64Array | null) =>
      readerOf('flex-model', { 'consumption-capacity': given }).series('consumption-capacity', { shareOf });
    const whole = Float64Array.of(8, 2, 0, NaN);
    expect([...(await read('50%', whole))!]).toEqual([4, 1, 0, NaN]);
    const mixed = [entry('50%', 0, 3), entry('3 MW', 0, 1), entry('1 MW', 2, 2)];
    expect([...(await read(mixed, whole))!]).toEqual([3, 1, 0, 1]);
    expect([...(await read('50%', null))!]).toEqual([NaN, NaN, NaN, NaN]);
    await expect(
      readerOf('flex-model', { 'power-capacity': '50%' }).series('power-capacity'),
    ).rejects.toThrow('power-capacity: 50% needs a power capacity');
    await expect(read([entry('-50%', 0, 1)], whole)).rejects.toThrow('greater than or equal to 0');
  });
});
