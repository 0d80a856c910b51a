/** What `fm-live` tells the elements of its page, as a `live-event` of the document. */
export interface LiveEvent {
  /** As in the contract of the API: `beliefs.saved`, `job.finished`, `reset` ... */
  name: string;
  data: Record<string, unknown>;
}

/** The events that pages follow. */
export const FOLLOWED = [
  'beliefs.saved',
  'beliefs.deleted',
  'annotation.created',
  'annotation.updated',
  'annotation.deleted',
  'job.queued',
  'job.started',
  'job.postponed',
  'job.finished',
  'job.failed',
  'reset',
];
