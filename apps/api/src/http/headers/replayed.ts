/** Name of the header of responses that are those to an earlier request with the same idempotency key. */
export const REPLAYED = 'Idempotent-Replayed';
