import type { KnowledgeHorizon } from '../knowledge/knowledge-horizon';
import type { ValueNature } from './value-nature';

/** How a sensor's events change their length. */
export interface EventResampling {
  /** Length of the events that the beliefs are about, milliseconds; 0 for instants, which can only become longer. */
  fromMs: number;
  /** Length of the events that beliefs are wanted about: a multiple of the former, or a part. */
  toMs: number;
  /** IANA zone whose clock shows the steps at which longer events start. */
  zone: string;
  nature: ValueNature;
  knowledgeHorizon: KnowledgeHorizon;
}
