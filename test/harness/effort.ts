/*
 * How much tests try. By default little, so that all of them take minutes; `npm run test:thorough` sets TEST_THOROUGH.
 */

/** Whether every case is tried at every door, with files as large as they get. */
export const isThorough = process.env['TEST_THOROUGH'] === '1';

/** TEST_RUNS, or ten for thorough tests: random tests try so many times as many examples. */
const FACTOR = Number(process.env['TEST_RUNS'] ?? (isThorough ? 10 : 1));

/** How long a test may take, milliseconds, that usually may take so long. */
export const limitMs = (usual: number): number => usual * Math.max(1, FACTOR);

/** How many random examples a test tries that usually tries so many. */
export const runs = (usual: number): number => Math.ceil(usual * FACTOR);

/** TEST_SEED, or else the test's own. The same seed gives the same random examples. */
export const seedOr = (own: number): number => Number(process.env['TEST_SEED'] ?? own);

/** All of these in thorough tests, otherwise so many of them from the first to the last. */
export function chosen<T>(cases: readonly T[], count: number): readonly T[] {
  if (isThorough || cases.length <= count) return cases;
  return Array.from({ length: count }, (_, i) => cases[Math.round((i * (cases.length - 1)) / (count - 1))]!);
}
