import { startScene, type Scene } from '../../harness/scenes/api-scene';
import { checkAnswer } from '../../harness/contract/contract';
import { isThorough, timeoutMs, scaledRuns, seedOrDefault } from '../../harness/effort';
import { badRequests, coverage } from '../../harness/fuzz/bad-requests';
import { extremeRequests } from '../../harness/fuzz/extremes';
import { tableSums } from '../../harness/fuzz/table-sums';
import { templates, type BadRequest } from '../../harness/fuzz/template';
import { wire, type WireAnswer } from '../../harness/fuzz/wire';

jest.setTimeout(timeoutMs(600_000));

const COUNT = scaledRuns(isThorough ? 1000 : 500);
const SEED = seedOrDefault(20_260_101);
const CONNECTIONS = 6;

/** Describes what is wrong with the response to an invalid request; undefined if it is correct. */
function findFault(request: BadRequest, answer: WireAnswer): string | undefined {
  const { status, header, content } = answer;
  if (status >= 500) return `status ${status}`;
  if (header('x-injected') !== null) return 'a header that the request brought in';
  if (/node_modules|\n\s+at /.test(content)) return 'a trace of our code';
  if (request.isSurelyBad && status < 400) return `status ${status}, though it is bad`;
  try {
    checkAnswer({ ...request, ...answer });
    return undefined;
  } catch (error) {
    return /^-.*$/m.exec((error as Error).message)?.[0];
  }
}

/** About half of the extreme requests: each operation gets every other value of a field, and each value is sent. */
function inTurn(requests: BadRequest[]): BadRequest[] {
  const byValue = new Map<string, BadRequest[]>();
  for (const request of requests) {
    const value = request.what.replace(/^\S*\./, '');
    byValue.set(value, [...(byValue.get(value) ?? []), request]);
  }
  return [...byValue.values()].flatMap((same, value) =>
    same.length === 1 ? same : same.filter((_, operation) => (operation + value) % 2 === 0),
  );
}

describe(`The API with random requests (TEST_SEED=${SEED})`, () => {
  let scene: Scene;
  let line: ReturnType<typeof wire>;

  beforeAll(async () => {
    scene = await startScene();
    line = wire(scene.api.url, { connections: CONNECTIONS });
  });

  afterAll(async () => {
    line.close();
    await scene.stop();
  });

  /** Sends requests in parallel. @returns the problems, each with an example and a count */
  async function sendAll(requests: BadRequest[]) {
    const faults = new Map<string, { example: string; times: number }>();
    const statuses = new Map<number, number>();
    const pending = requests.values();
    const work = async (): Promise<void> => {
      for (const request of pending) {
        const { operationId, what, method, path, body } = request;
        const answer = await line.send(request).catch((error: unknown) => String(error));
        if (typeof answer !== 'string') statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = typeof answer === 'string' ? answer : findFault(request, answer);
        if (fault === undefined) continue;
        const key = `${operationId}: ${fault.slice(0, 300)}`;
        const example = `${what.slice(0, 100)}: ${method} ${path.slice(0, 200)} ${body?.toString().slice(0, 200) ?? ''}`;
        faults.set(key, { example, times: (faults.get(key)?.times ?? 0) + 1 });
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    return { faults: Object.fromEntries(faults), statuses };
  }

  it(`rejects invalid requests in the format of the contract, and changes nothing`, async () => {
    const good = await templates(scene);
    const requests = badRequests(scene, good, COUNT, SEED);
    const share = (count: number): number => count / requests.length;
    expect(coverage(requests)).toBe(1);
    expect(share(requests.filter(({ isReadable }) => isReadable).length)).toBeGreaterThan(0.5);
    expect(share(requests.filter(({ isSurelyBad }) => !isSurelyBad).length)).toBeLessThan(0.1);
    const before = await tableSums(scene.sql);
    const { faults } = await sendAll(requests);
    expect(faults).toEqual({});
    expect(await tableSums(scene.sql)).toEqual(before);
  });

  it('answers valid requests with extreme values without an internal error', async () => {
    const all = extremeRequests(scene, await templates(scene));
    const requests = isThorough ? all : inTurn(all);
    const { faults, statuses } = await sendAll(requests);
    expect(faults).toEqual({});
    expect(statuses.get(200)).toBeGreaterThan(0);
    expect(statuses.get(422)).toBeGreaterThan(0);
  });
});
