import { SetMetadata } from '@nestjs/common';
import type { ShapeLimits } from './json-shape';

/** Limits of a JSON body. */
export interface BodyLimits extends ShapeLimits {
  /** Bytes, after decompression. */
  bytes: number;
}

/** Maximum nesting; no request of the API needs more. */
const DEPTH = 64;

/** For requests without a user: credentials and the forms of pages. */
export const VISITOR_BODY: BodyLimits = { bytes: 8_000, depth: 8, values: 100, strings: 100, parts: 100 };

/** For routes without `@LimitsBody`. Attributes are sent as one string, which has its own limits. */
export const DEFAULT_BODY: BodyLimits = {
  bytes: 1_000_000,
  depth: DEPTH,
  values: 10_000,
  strings: 1_000,
  parts: 1_000,
};

/** For time series: a leap year of one-minute values as numbers, or of five-minute values as strings. */
export const SERIES_BODY: BodyLimits = {
  bytes: Infinity,
  depth: DEPTH,
  values: 366 * 24 * 60 + 100,
  strings: 366 * 24 * 12 + 100,
  parts: 100,
};

/** For schedule triggers: about 25 series of a week of quarter-hours, each value with its time. */
export const SCHEDULE_BODY: BodyLimits = {
  bytes: 2_000_000,
  depth: DEPTH,
  values: 51_000,
  strings: 102_000,
  parts: 68_000,
};

export const BODY_LIMITS = 'body-limits';

/** Sets the limits of a route's JSON body. The setting for the maximum body size still applies. */
export const LimitsBody = (limits: BodyLimits): MethodDecorator => SetMetadata(BODY_LIMITS, limits);

export const IGNORES_BODY = 'ignores-body';

/** Marks routes that do not read the body. */
export const IgnoresBody = (): MethodDecorator => SetMetadata(IGNORES_BODY, true);

/** Metadata key of GET routes whose parameters can come in a JSON body. */
export const PARAMETERS_IN_BODY = 'parameters-in-body';

/**
 * Lets the parameters of a GET route come in a JSON body, as in examples of the documentation. Those of the query have
 * priority.
 */
export const AcceptsParametersInBody = (): MethodDecorator => SetMetadata(PARAMETERS_IN_BODY, true);
