import { constants, setPriority } from 'node:os';
import { DomainError } from '#lib/errors';
import { BeliefFileError } from './format/belief-file-error';
import { readBeliefFile } from './read-belief-file';
import type { ReadFailure, ReadMessage, ReadRequest } from './spreadsheets/messages';
import { readSpreadsheet } from './spreadsheets/read-spreadsheet';

/* What runs in a process that reads one spreadsheet: it is sent a request, answers in messages, and ends. */

async function carryOut({ path, options }: ReadRequest): Promise<void> {
  try {
    const onProgress = (share: number): void => void tell({ share });
    const file = readBeliefFile(path, { ...options, onProgress }, readSpreadsheet);
    for await (const batch of file) await tell({ batch });
    await tell({ summary: file.summary });
  } catch (error) {
    await tell({ failure: failureOf(error) });
  }
}

/** Sends a message; done when it is on its way, so that no more than one waits in memory. */
const tell = (message: ReadMessage): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send!(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });

function failureOf(error: unknown): ReadFailure {
  if (error instanceof BeliefFileError) {
    return { message: error.message, place: error.place, reason: error.reason };
  }
  const { code, field } = error instanceof DomainError ? error : {};
  const { message, stack } = error instanceof Error ? error : { message: String(error) };
  return { message, stack, code, field };
}

// Whoever waits for the process that started this one comes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.once('message', (request: ReadRequest) => {
  void carryOut(request).finally(() => process.disconnect());
});
