/** How far a job is. */
export type JobState = 'queued' | 'started' | 'finished' | 'failed';
