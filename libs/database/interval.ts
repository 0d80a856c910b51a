import type { ValueTransformer } from 'typeorm';

interface PostgresInterval {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
}

/** Converts PostgreSQL intervals without months to milliseconds and back. */
export const intervalToMs: ValueTransformer = {
  to: (ms: number | undefined) => (ms === undefined ? undefined : `${ms} milliseconds`),
  from: (interval: PostgresInterval | null) =>
    interval === null
      ? null
      : (((interval.days ?? 0) * 24 + (interval.hours ?? 0)) * 60 + (interval.minutes ?? 0)) * 60_000 +
        (interval.seconds ?? 0) * 1000 +
        (interval.milliseconds ?? 0),
};
