export {
  concatBeliefs,
  emptyBeliefColumns,
  pickBeliefs,
  pickValues,
  withoutUnknown,
} from './columns/belief-columns';
export type { BeliefColumns } from './columns/belief-columns';
export { EX_POST, KnowledgeHorizonInvalid, parseKnowledgeHorizon } from './knowledge/knowledge-horizon';
export type { KnowledgeHorizon } from './knowledge/knowledge-horizon';
export {
  beliefHorizonsAt,
  beliefTimesInSteps,
  knowledgeHorizonBounds,
  knowledgeTimeAt,
  knowledgeTimesAt,
} from './knowledge/knowledge-time';
export { searchBeliefs, startOfEventEnding } from './search/belief-search';
export type { BeliefSearchFilter, SearchedSensor } from './search/belief-search';
export {
  mostRecentOfNewestFirst,
  mostRecentPerEvent,
  mostRecentPerEventAndSource,
  oneDeterministicBeliefPerEvent,
} from './columns/most-recent';
export { fixedViewpoint, rollingViewpoint } from './search/viewpoint';
export { distributionOf, meanOf, medianOf } from './columns/distribution';
export type { Distribution } from './columns/distribution';
export { unchangedMask } from './columns/unchanged';
export { searchToResample, withinBounds } from './resampling/resampled-search';
export { areCompatibleLengths, aggregationOf } from './resampling/aggregation';
export type { Aggregation } from './resampling/aggregation';
export { resampleValues } from './resampling/resample-values';
export type { EventValues, ResampledSensor } from './resampling/resample-values';
export { resampleInstants } from './resampling/resample-instants';
export type { InstantMethod } from './resampling/resample-instants';
export { readWindow, readWindowInSteps } from './resampling/read-window';
export type { PartialRule } from './resampling/partial-amounts';
export type { ReadWindow, StepValues } from './resampling/read-window';
export { pickInstantsOnSteps, resampleBeliefs, resampleBeliefsInSteps } from './resampling/resample-beliefs';
export type { BeliefResampling } from './resampling/resample-beliefs';
export { TooManyPartsError } from './resampling/longer-events';
export { LongerEventStream, MAX_WAITING_ROWS } from './resampling/longer-event-stream';
export type { Lengthening, RowProblem, TimedValues } from './resampling/longer-event-stream';
export { countShorterEvents, splitEventsInBatches } from './resampling/shorter-events';
export { checkEventCount, eventsOfPost, onSensorSteps, postedStepMs } from './posting/posted-series';
export type { PostedSeries, ReceivingSensor } from './posting/posted-series';
export {
  GET_MESSAGE_TYPES,
  checkTimeOfType,
  checkUnitOfType,
  horizonBoundsOfType,
  POST_MESSAGE_TYPES,
} from './posting/message-type';
export type { GetMessageType, PostMessageType } from './posting/message-type';
export { keepsEventStarts } from './posting/kept-starts';
export { signRuleOf } from './posting/posted-sign';
export type { SignRule } from './posting/posted-sign';
export { readPostedValues } from './posting/posted-values';
export { LONGEST_HORIZON_MS, recordedHorizons } from './knowledge/recording-time';
export type { RecordingTime } from './knowledge/recording-time';
export { computedStaleness, measuredStaleness } from './staleness/staleness';
export type { ObservedSensor, SourceRhythm, Staleness } from './staleness/staleness';
export { missingRanges, periodStart, rangeName } from './partition-ranges';
export type { EventRange, PartitionPeriod } from './partition-ranges';
