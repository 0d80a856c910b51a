const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };

/**
 * Runs work that SIGINT (Ctrl-C) or SIGTERM ends immediately, with a message and the exit code that shells expect. The
 * database rolls back the open transaction. After the work calls `startCommit`, signals are ignored until it ends.
 *
 * @param message printed after an interruption
 * @param cleanUp restores the terminal
 */
export async function interruptible<T>(
  message: string,
  cleanUp: () => void,
  work: (startCommit: () => void) => Promise<T>,
): Promise<T> {
  let isCommitting = false;
  const interrupt = (signal: NodeJS.Signals): void => {
    if (isCommitting) return;
    cleanUp();
    process.stderr.write(`${message}\n`);
    process.exit(EXIT_CODES[signal as keyof typeof EXIT_CODES]);
  };
  for (const signal of Object.keys(EXIT_CODES)) process.on(signal, interrupt);
  try {
    return await work(() => (isCommitting = true));
  } finally {
    for (const signal of Object.keys(EXIT_CODES)) process.off(signal, interrupt);
  }
}
