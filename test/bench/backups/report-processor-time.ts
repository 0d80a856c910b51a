import { writeSync } from 'node:fs';

/** Preloaded by a measured command: prints its processor time in ms as the last line on standard error. */
process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(2, `\n${(userCPUTime + systemCPUTime) / 1000}\n`);
});
