import type { BeliefSearchFilter, KnowledgeHorizon } from '../../model';

/** Filters on beliefs; they apply before the most recent ones are chosen. */
export interface BeliefSearch extends BeliefSearchFilter {
  /** Leaves out beliefs whose source has one of these types. */
  excludeSourceTypes?: readonly string[];
  /** Beliefs whose source is one of these users. */
  userIds?: readonly number[];
  /** Beliefs whose source is a user of one of these accounts. */
  accountIds?: readonly number[];
}

/** Which beliefs count as the most recent: of each source, or of all sources together; undefined for all beliefs. */
export type MostRecent = 'per-event' | 'per-event-and-source' | undefined;

/** A search in the beliefs about one sensor, with what it needs to know about the sensor. */
export interface BeliefFilter extends BeliefSearch {
  sensorId: number;
  eventResolutionMs: number;
  /** IANA zone on whose clock days are counted; UTC by default. */
  timezone?: string;
  knowledgeHorizon: KnowledgeHorizon;
}

/** A search in the beliefs about sensors whose events have the same times and rules. */
export type ManySensorsFilter = Omit<BeliefFilter, 'sensorId'> & { sensorId?: undefined };

/** A filter on the events of a sensor that does not look at their beliefs. */
export type EventFilter = Pick<
  BeliefFilter,
  'sensorId' | 'eventResolutionMs' | 'knowledgeHorizon' | 'eventStartsAfterMs' | 'eventStartsBeforeMs'
>;

/** Forecasts are held before their event can be known (horizon above zero), measurements after. */
export type BeliefKind = 'forecasts' | 'measurements';
