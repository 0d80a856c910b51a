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
export { searchBeliefs } from './belief-search';
export type { BeliefSearchFilter, SearchedSensor } from './belief-search';
export {
  mostRecentPerEvent,
  mostRecentPerEventAndSource,
  oneDeterministicBeliefPerEvent,
} from './most-recent';
export { fixedViewpoint, rollingViewpoint } from './viewpoint';
export { distributionOf, meanOf, medianOf } from './distribution';
export type { Distribution } from './distribution';
export { meanOfIndependent, sumOfIndependent } from './convolution';
export { unchangedMask } from './unchanged';
export { valueNatureOf } from './value-nature';
export type { ValueNature } from './value-nature';
export { defaultFrequency, exactBins, wallClockSteps, windowBins } from './clock-grid';
export type { Bins } from './clock-grid';
export { resampleEvents } from './resample-events';
export { resampleInstants } from './resample-instants';
export type { InstantMethod } from './resample-instants';
export { resampleBeliefs } from './resample-beliefs';
export type { BeliefResampling } from './resample-beliefs';
export { readWindow } from './read-window';
export type { EventValues, ReadSensor, ReadWindow } from './read-window';
export { checkCount, eventsOfPost, postedStepMs } from './posted-series';
export type { PostedSeries, ReceivingSensor } from './posted-series';
export { ASKED_TYPES, checkTimeOfType, checkUnitOfType, horizonsOfType, POSTED_TYPES } from './message-type';
export type { AskedType, PostedType } from './message-type';
export { readPostedValues } from './posted-values';
export { LONGEST_HORIZON_MS, recordedHorizons } from './recording-time';
export type { RecordingTime } from './recording-time';
export { missingRanges, periodStart, rangeName } from './partition-ranges';
export type { EventRange, PartitionPeriod } from './partition-ranges';
