/** State of a job. */
export type JobState = 'queued' | 'started' | 'finished' | 'failed';
