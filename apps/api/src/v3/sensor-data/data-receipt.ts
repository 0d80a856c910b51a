import type { SaveResult } from '#lib/beliefs';
import type { DataReceipt } from './sensor-data.dto';

export const PROCESSED = { message: 'Request has been processed.', status: 'PROCESSED' } as const;

const ALREADY_RECEIVED = {
  message: 'Some of the data has already been received and successfully processed.',
  results: 'PROCESSED',
  status: 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED',
} as const;

/** The response after saving data. */
export const toReceipt = ({ saved, unchanged }: SaveResult): DataReceipt =>
  unchanged > 0 || saved === 0 ? ALREADY_RECEIVED : PROCESSED;
