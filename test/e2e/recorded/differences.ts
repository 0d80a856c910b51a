/** A case whose response differs intentionally: our response, and the reason. */
export interface Difference {
  status: number;
  /** The fields that differ, if the rest of the response is equal. */
  fields: string[];
  /** Title of the section of docs/compatibility.md that describes the difference. */
  reason: string;
}

/** Status of our response, and the fields that differ if all others are equal. */
type Ours = [status: number, ...fields: string[]];

const BY_REASON: Record<string, Record<string, Ours>> = {
  'Malformed requests': {
    'auth-bad-json': [400],
    'assets-list-account-notint': [422],
    'data-post-empty-values': [422],
    'data-post-not-json': [415],
    'data-get-resolution-PT10M': [422],
    'trigger-legacy-target-missing-dt': [422],
    'trigger-not-json': [415],
  },
  'Errors are JSON': {
    'api-404-noauth': [404],
    'assets-public-noauth': [401],
    'asset-get-unknown': [404],
    'asset-delete-again': [404],
    'user-get-unknown': [404],
    'user-password-reset-unknown': [404],
  },
  'Paths without a trailing slash': { 'dev-sensor-get-noslash': [200] },
  'Logging in': { 'auth-unknown-user': [401] },
  'New e-mail addresses': { 'user-patch-dup-email': [422] },
  'Recording time before most recent belief': {
    'data-get-horizon-PT7H': [200, 'values'],
    'data-get-prior-early': [200, 'values'],
  },
  'Steps that do not fit the data': {
    'data-get-resolution-PT45M': [200, 'values'],
    'data-get-misaligned-start': [200, 'values'],
  },
  'Power and energy': {
    'data-post-nulls-kWh': [200],
    'data-get-resolution-nulls-PT1H': [200, 'values'],
    'data-post-kW-to-kWh-sensor': [200],
    'data-get-energy-hourly': [200, 'values', 'resolution'],
  },
  'Calendar durations': { 'data-post-duration-P1M': [200] },
  'Flex-context': { 'trigger-flexctx': [200] },
  'Deprecated fields': {
    'trigger-deprecated-topfields': [200],
    'trigger-legacy-plain': [200, 'message'],
    'trigger-legacy-no-duration': [200, 'message'],
    'trigger-legacy-eff-pct': [200, 'message'],
    'trigger-legacy-target-beyond-end': [200, 'message'],
    'trigger-legacy-target-infeasible': [200, 'message'],
    'trigger-legacy-no-prices-period': [200, 'message'],
    'trigger-legacy-prior-before-prices': [200, 'message'],
    'trigger-charger-infeasible': [200, 'message'],
    'trigger-plain-user': [200, 'message'],
  },
  'Targets that no schedule can reach': {
    'trigger-legacy-target-before-start': [422],
    'trigger-legacy-target-above-socmax': [422],
    'schedule-get-done-legacy-target-beyond-max-horizon': [400],
    'schedule-get-done-legacy-target-above-socmax': [400],
  },
  'Starts and targets between two steps': {
    'trigger-legacy-start-unaligned': [200, 'message'],
    'schedule-get-done-legacy-start-unaligned': [200],
    'schedule-get-done-legacy-target-unaligned': [200, 'message', 'values'],
  },
  'A UUID identifies one schedule': {
    'schedule-get-done-legacy-empty-flexmodel': [200, 'message', 'values'],
    'schedule-get-done-legacy-kWh': [200, 'message', 'values'],
    'schedule-get-done-legacy-targets': [200, 'message', 'values'],
    'schedule-get-done-legacy-later-charging': [200, 'message', 'values'],
    'schedule-get-done-plain-user': [200, 'duration', 'values'],
    'schedule-get-PT1H': [200, 'values'],
  },
  'Schedules that cannot keep all limits': {
    'schedule-get-done-charger-infeasible': [200, 'message', 'values'],
  },
  'Failed schedules': { 'schedule-get-done-no-price-sensor-no-market': [400, 'message'] },
  'Who may see schedules': { 'schedule-get-other-user': [403] },
  Charts: {
    'asset-chart': [200, 'keys'],
    'dev-sensor-chart-include-data': [200, 'keys'],
    'dev-sensor-chart-data-all-beliefs': [200, 'belief_horizon'],
  },
};

/** By the name of the case. */
export const DIFFERENCES: Record<string, Difference> = Object.fromEntries(
  Object.entries(BY_REASON).flatMap(([reason, cases]) =>
    Object.entries(cases).map(([name, [status, ...fields]]) => [name, { status, fields, reason }]),
  ),
);

/** A response without some fields, at any depth. */
export function without(fields: readonly string[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => without(fields, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !fields.includes(name))
      .map(([name, field]) => [name, without(fields, field)]),
  );
}
