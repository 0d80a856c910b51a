/*
 * How many cases the tests try. Few by default, so that all tests take only minutes; `npm run test:thorough` sets
 * TEST_THOROUGH and tries more.
 */

/** Whether to try every case on every interface, with the largest files. */
export const isThorough = process.env['TEST_THOROUGH'] === '1';

/** Factor for the number of examples of random tests: TEST_RUNS, by default 10 for thorough tests and 1 for others. */
const FACTOR = Number(process.env['TEST_RUNS'] ?? (isThorough ? 10 : 1));

/** Time limit of a test in milliseconds, from its usual limit. */
export const timeoutMs = (usual: number): number => usual * Math.max(1, FACTOR);

/** Number of random examples of a test, from its usual number. */
export const scaledRuns = (usual: number): number => Math.ceil(usual * FACTOR);

/** TEST_SEED, or by default the seed of the test. The same seed gives the same random examples. */
export const seedOrDefault = (own: number): number => Number(process.env['TEST_SEED'] ?? own);

/** `it` for tests of which others show the most by default, and which take long. */
export const itThoroughly = (isThorough ? it : () => undefined) as jest.It;

/** All cases in thorough tests, otherwise `count` of them, evenly spread from the first to the last. */
export function pickCases<T>(cases: readonly T[], count: number): readonly T[] {
  if (isThorough || cases.length <= count) return cases;
  return Array.from({ length: count }, (_, i) => cases[Math.round((i * (cases.length - 1)) / (count - 1))]!);
}
