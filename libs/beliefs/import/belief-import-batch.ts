import type { BeliefFileBatch } from '../files';

/** What a file says about events of a sensor, in the sensor's unit; belief times are NaN where it does not tell. */
export type EventBatch = Pick<BeliefFileBatch, 'eventStarts' | 'values' | 'beliefTimes'>;
