export { concatBeliefs, emptyBeliefColumns, pickBeliefs } from './belief-columns';
export type { BeliefColumns } from './belief-columns';
export { EX_POST, KnowledgeHorizonInvalid, parseKnowledgeHorizon } from './knowledge-horizon';
export type { KnowledgeHorizon } from './knowledge-horizon';
export {
  beliefHorizonsAt,
  knowledgeHorizonBounds,
  knowledgeTimeAt,
  knowledgeTimesAt,
} from './knowledge-time';
