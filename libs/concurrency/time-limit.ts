/** The longest delay of a timer of Node.js. */
const LONGEST_MS = 2_147_483_647;

/**
 * Awaits work, for at most some time. It cannot be interrupted: work that takes longer goes on, and its outcome is ignored.
 * @param message of the error
 * @throws RangeError after the limit, and what the work throws before it
 */
export async function settleWithin<T>(limitMs: number, work: () => Promise<T>, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RangeError(message)), Math.min(limitMs, LONGEST_MS));
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
