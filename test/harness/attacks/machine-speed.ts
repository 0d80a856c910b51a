/**
 * Processor time of the task on the machine for which the limits of response times were chosen, in milliseconds. Estimated:
 * the task took 22 ms on a machine that answered half as many requests per second.
 */
const USUAL_MS = 11;

const MEASUREMENTS = 7;

/** JSON of 2,000 records, as servers read and write it. */
const TEXT = JSON.stringify(
  Array.from({ length: 2000 }, (_, id) => ({
    id,
    name: `item ${id}`,
    value: id / 7,
    at: '2026-01-01T00:00:00Z',
  })),
);

/**
 * How many times as long as usual this machine takes for the same work at present; at least 1. Machines are slower because
 * of their processor, and because others use the processor that a virtual machine shares.
 */
export function machineSlowness(): number {
  const times = Array.from({ length: MEASUREMENTS }, taskMs).sort((one, other) => one - other);
  return Math.max(1, times[(MEASUREMENTS - 1) / 2]! / USUAL_MS);
}

/** Processor time of a fixed task, in milliseconds. */
function taskMs(): number {
  const before = process.cpuUsage();
  for (let i = 0; i < 10; i++) {
    const records = JSON.parse(TEXT) as { value: number }[];
    records.sort((one, other) => ((one.value * 31) % 17) - ((other.value * 31) % 17));
    JSON.stringify(records);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
