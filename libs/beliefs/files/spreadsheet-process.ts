import { constants, setPriority } from 'node:os';
import { DomainError } from '#lib/errors';
import { BeliefFileError } from './format/belief-file-error';
import { readBeliefFile } from './read-belief-file';
import type { ReadFailure, ReadMessage, ReadRequest } from './spreadsheets/messages';
import { readSpreadsheet } from './spreadsheets/read-spreadsheet';

/* Entry of the process that reads one spreadsheet. It receives a request, answers with messages, and ends. */

async function handleRequest({ path, options }: ReadRequest): Promise<void> {
  try {
    const onProgress = (share: number): void => void sendMessage({ share });
    const file = readBeliefFile(path, { ...options, onProgress }, readSpreadsheet);
    for await (const batch of file) await sendMessage({ batch });
    await sendMessage({ summary: file.summary });
  } catch (error) {
    await sendMessage({ failure: toFailure(error) });
  }
}

/** Sends a message and waits until it is sent, so that at most one message waits in memory. */
const sendMessage = (message: ReadMessage): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send!(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });

function toFailure(error: unknown): ReadFailure {
  if (error instanceof BeliefFileError) {
    return { message: error.message, place: error.place, reason: error.reason };
  }
  const { code, field } = error instanceof DomainError ? error : {};
  const { message, stack } = error instanceof Error ? error : { message: String(error) };
  return { message, stack, code, field };
}

// The process that started this one has priority.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.once('message', (request: ReadRequest) => {
  void handleRequest(request).finally(() => process.disconnect());
});
