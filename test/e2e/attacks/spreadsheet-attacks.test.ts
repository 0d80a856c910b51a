import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fresh, startScene, type Person, type Scene } from '../../harness/scenes/api-scene';
import { expectWithinLimits, watchServer, withOrdinaryRequests } from '../../harness/attacks/attack';
import { isThorough, pickCases } from '../../harness/effort';
import {
  OTHER_KINDS,
  QUICK_ATTACKS,
  SLOW_ATTACKS,
  type SpreadsheetAttack,
} from '../../harness/attacks/spreadsheet-attacks';
import { sheetOfRows, xlsxOf } from '../../harness/attacks/spreadsheets';
import { type ApiServer, startApi } from '../../harness/servers/api';

// A tolerant limit: other processes may use the machine.
jest.retryTimes(2);

/** Memory of a reading process beside its heap of 256 MB. */
const MAX_READER_MB = 500;
const HONEST = xlsxOf(sheetOfRows(96));

describe('Spreadsheets that attack the server', () => {
  let scene: Scene<ApiServer>;
  /** A sensor of each account. */
  const sensors = new Map<Person, number>();

  beforeAll(async () => {
    scene = await startScene({}, startApi);
    const fresh = new Fresh(scene.sql);
    sensors.set('accountAdmin', await fresh.sensor(1));
    sensors.set('stranger', await fresh.sensor(2));
    sensors.set('admin', await fresh.sensor(2));
  });
  afterAll(() => scene.stop());

  async function upload(person: Person, name: string, bytes: Buffer, signal?: AbortSignal) {
    const form = new FormData();
    form.append('timezone', 'UTC');
    form.append('file', new Blob([new Uint8Array(bytes)]), name);
    const response = await scene.api.fetch(
      new Request(`${scene.api.url}/api/v3_0/sensors/${sensors.get(person)!}/data`, {
        method: 'POST',
        headers: { Authorization: scene.tokenOf(person) },
        body: form,
        signal,
      }),
    );
    const body = (await response.json()) as { message: string | { form: { file: string[] } } };
    const reason = typeof body.message === 'string' ? body.message : body.message.form.file.join();
    return { status: response.status, reason };
  }
  const attack = ({ name, bytes }: SpreadsheetAttack, person: Person = 'stranger') =>
    upload(person, name, bytes());
  const uploadAsOtherUser = async (): Promise<void> => {
    expect(await upload('accountAdmin', 'honest.xlsx', HONEST)).toMatchObject({ status: 200 });
  };
  const expectRefused = (answer: { status: number; reason: string }, { reason }: SpreadsheetAttack): void => {
    if (reason) expect(answer).toEqual({ status: 422, reason: expect.stringMatching(reason) as string });
    else expect(answer.status).toBe(200);
  };

  it('starts a process only for a spreadsheet, and ends it afterwards', async () => {
    expect(childrenOf(scene.api.pid)).toEqual([]);
    await uploadAsOtherUser();
    expect(childrenOf(scene.api.pid)).toEqual([]);
  });

  it('rejects files of other kinds without a process, and serves other users meanwhile', async () => {
    const seen = await watchServer(scene.api, () =>
      withOrdinaryRequests(async () => {
        const answers: [SpreadsheetAttack, Awaited<ReturnType<typeof attack>>][] = [];
        for (const given of OTHER_KINDS) answers.push([given, await attack(given)]);
        return answers;
      }, uploadAsOtherUser),
    );
    for (const [given, answer] of seen.result.result) expectRefused(answer, given);
    expectWithinLimits(seen);
  });

  describe('while the file of another user takes too long', () => {
    const slow = { answer: undefined as ReturnType<typeof attack> | undefined, isOver: false };
    let served = 0;
    let readerMb = 0;

    beforeAll(async () => {
      slow.answer = attack(SLOW_ATTACKS.time, 'admin').finally(() => (slow.isOver = true));
      slow.answer.catch(() => undefined);
      while (childrenOf(scene.api.pid).length === 0 && !slow.isOver) await sleep(20);
    });

    const serveOtherUser = async (): Promise<void> => {
      readerMb = Math.max(readerMb, ...childrenOf(scene.api.pid).map(({ rssMb }) => rssMb));
      await uploadAsOtherUser();
      if (!slow.isOver) served++;
    };

    it.each(pickCases(QUICK_ATTACKS, 8))('answers $what while it serves other requests', async (given) => {
      const seen = await watchServer(scene.api, async () => {
        const [answer] = await Promise.all([attack(given), serveOtherUser()]);
        return answer;
      });
      expectRefused(seen.result, given);
      expectWithinLimits(seen);
    });

    it('ends processes that take too long or too much memory, and serves other users meanwhile', async () => {
      const seen = await watchServer(scene.api, () =>
        withOrdinaryRequests(() => Promise.all([slow.answer!, attack(SLOW_ATTACKS.memory)]), serveOtherUser),
      );
      const [late, large] = seen.result.result;
      expectRefused(late, SLOW_ATTACKS.time);
      expectRefused(large, SLOW_ATTACKS.memory);
      expect(served).toBeGreaterThan(2);
      expect(readerMb).toBeLessThan(MAX_READER_MB);
      expectWithinLimits(seen);
    });
  });

  it('rejects files of a user beyond the waiting limit', async () => {
    const seen = await watchServer(scene.api, async () => {
      const attacking = Promise.all(
        Array.from({ length: 14 }, () => upload('stranger', 'data.xlsx', HONEST)),
      );
      await Promise.all([uploadAsOtherUser(), uploadAsOtherUser()]);
      return attacking;
    });
    const refused = seen.result.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    // Files wait before they are received, and once more before they are read.
    expect(refused[0]!.reason).toMatch(
      /^(Too many files are waiting to be read|You are sending too many files at once)\./,
    );
    expect(seen.result.length - refused.length).toBeGreaterThanOrEqual(4);
    expectWithinLimits(seen);
  });

  it('ends its child processes when it is stopped', async () => {
    const client = new AbortController();
    const { name, bytes } = SLOW_ATTACKS.time;
    const state = { isOver: false };
    const reading = upload('stranger', name, bytes(), client.signal)
      .catch(() => undefined)
      .finally(() => (state.isOver = true));
    const isReading = () => childrenOf(scene.api.pid).some(({ isUsingTime }) => isUsingTime);
    while (!isReading() && !state.isOver) await sleep(50);
    expect(state.isOver).toBe(false);
    const [{ pid }] = childrenOf(scene.api.pid) as [Process];
    // The server waits 10 s for requests, unless their clients have gone.
    if (!isThorough) client.abort();
    await scene.api.stop();
    await reading;
    // The system takes a moment to end it.
    for (const deadline = Date.now() + 10_000; isRunning(pid) && Date.now() < deadline;) await sleep(50);
    expect(isRunning(pid)).toBe(false);
  });
});

interface Process {
  pid: number;
  parent: number;
  rssMb: number;
  /** Whether it has used a second of processor time. */
  isUsingTime: boolean;
}

const isRunning = (pid: number): boolean => processes().some((process) => process.pid === pid);

/** All running processes, without those that have ended. */
function processes(): Process[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,stat='])
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => !fields[4]!.startsWith('Z'))
    .map(([pid, parent, rssKb, time]) => ({
      pid: Number(pid),
      parent: Number(parent),
      rssMb: Number(rssKb) / 1024,
      isUsingTime: !/^[0:.]+$/.test(time!),
    }));
}

const childrenOf = (pid: number): Process[] => processes().filter(({ parent }) => parent === pid);
