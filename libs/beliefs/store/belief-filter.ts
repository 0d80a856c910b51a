import type { BeliefSearchFilter, KnowledgeHorizon } from '../model';

/** Which beliefs are meant; filters apply before the most recent ones are chosen. */
export interface BeliefSearch extends BeliefSearchFilter {
  /** Leaves out beliefs whose source has one of these types. */
  excludeSourceTypes?: readonly string[];
  /** Beliefs of these users. */
  userIds?: readonly number[];
}

/** Whose most recent beliefs are wanted: those of each source, or of all sources together; undefined for all beliefs. */
export type MostRecent = 'per-event' | 'per-event-and-source' | undefined;

/** A search in the beliefs of one sensor, with what must be known of the sensor to do it. */
export interface BeliefFilter extends BeliefSearch {
  sensorId: number;
  eventResolutionMs: number;
  knowledgeHorizon: KnowledgeHorizon;
}
