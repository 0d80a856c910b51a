/** Names of the events that plugins can subscribe to; docs/events.md lists their payloads. */
export const EVENT_NAMES = [
  'account.created',
  'account.updated',
  'account.deleted',
  'account-role.created',
  'account-role.deleted',
  'plan.created',
  'plan.updated',
  'user.created',
  'user.updated',
  'user.deleted',
  'user-role.created',
  'device-token.created',
  'device-token.revoked',
  'device-token.refused',
  'asset.created',
  'asset.updated',
  'asset.deleted',
  'asset-type.created',
  'asset-type.deleted',
  'sensor.created',
  'sensor.updated',
  'sensor.deleted',
  'annotation.created',
  'annotation.updated',
  'annotation.deleted',
  'beliefs.saved',
  'beliefs.deleted',
  'job.queued',
  'job.started',
  'job.postponed',
  'job.finished',
  'job.failed',
  'forecast.stored',
  'schedule.stored',
  'session.ended',
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

/** Something that happened. */
export interface PluginDomainEvent {
  readonly name: EventName;
  /** Ids, times and numbers. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly emittedAt: Date;
}
