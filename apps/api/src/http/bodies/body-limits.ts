import { SetMetadata } from '@nestjs/common';
import type { ShapeLimits } from './json-shape';

/** How large a body of JSON may be. */
export interface BodyLimits extends ShapeLimits {
  /** Bytes, after decompression. */
  bytes: number;
}

/** No request of the API is nested deeper. */
const DEPTH = 64;

/** From those who have not logged in: credentials and the forms of pages. */
export const VISITOR_BODY: BodyLimits = { bytes: 8_000, depth: 8, values: 100, strings: 100, parts: 100 };

/** Of routes that say nothing else. Attributes are one string, with limits of their own. */
export const USUAL_BODY: BodyLimits = {
  bytes: 1_000_000,
  depth: DEPTH,
  values: 10_000,
  strings: 1_000,
  parts: 1_000,
};

/** A series of values: up to a leap year of minutes, of which those of five minutes may be strings. */
export const SERIES_BODY: BodyLimits = {
  bytes: Infinity,
  depth: DEPTH,
  values: 366 * 24 * 60 + 100,
  strings: 366 * 24 * 12 + 100,
  parts: 100,
};

/** Flexibility of devices: some twenty-five series of a week of quarter-hours, each value with its time. */
export const FLEXIBILITY_BODY: BodyLimits = {
  bytes: 2_000_000,
  depth: DEPTH,
  values: 51_000,
  strings: 102_000,
  parts: 68_000,
};

export const BODY_LIMITS = 'body-limits';

/** Sets the limits of a route's JSON, below what the host allows for all. */
export const LimitsBody = (limits: BodyLimits): MethodDecorator => SetMetadata(BODY_LIMITS, limits);

export const IGNORES_BODY = 'ignores-body';

/** Marks routes that answer alike whatever the body is; nobody reads it. */
export const IgnoresBody = (): MethodDecorator => SetMetadata(IGNORES_BODY, true);
