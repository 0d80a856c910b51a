const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };

/**
 * Runs work that Ctrl-C (or a polite kill) ends at once, with one line and the exit code that shells expect. The
 * database rolls back a transaction whose connection breaks. Once the work calls `tooLate`, which it does before it
 * commits, it is left to finish.
 *
 * @param sentence what the interruption means
 * @param cleanUp leaves the terminal as it was
 */
export async function interruptible<T>(
  sentence: string,
  cleanUp: () => void,
  work: (tooLate: () => void) => Promise<T>,
): Promise<T> {
  let isTooLate = false;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (isTooLate) return;
    cleanUp();
    process.stderr.write(`${sentence}\n`);
    process.exit(EXIT_CODES[signal as keyof typeof EXIT_CODES]);
  };
  for (const signal of Object.keys(EXIT_CODES)) process.on(signal, interrupt);
  try {
    return await work(() => (isTooLate = true));
  } finally {
    for (const signal of Object.keys(EXIT_CODES)) process.off(signal, interrupt);
  }
}
