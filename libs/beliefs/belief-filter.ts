import type { KnowledgeHorizon } from './model';

/** Which beliefs of a sensor are meant. All times are epoch milliseconds, bounds inclusive unless said otherwise. */
export interface BeliefFilter {
  sensorId: number;
  /** Of the sensor; tells when events end and become known. */
  eventResolutionMs: number;
  knowledgeHorizon: KnowledgeHorizon;
  /** Events that start at this moment or later. */
  eventStartsAfterMs?: number;
  /** Events that start before this moment (exclusive). */
  eventStartsBeforeMs?: number;
  /** Beliefs held at this moment already. */
  beliefsBeforeMs?: number;
  /** Beliefs formed at this moment or later. */
  beliefsAfterMs?: number;
  horizonAtLeastMs?: number;
  horizonAtMostMs?: number;
  sourceIds?: number[];
}
