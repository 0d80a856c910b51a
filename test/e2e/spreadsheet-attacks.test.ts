import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fresh, startScene, type Person, type Scene } from '../harness/api-scene';
import { expectWithinLimits, watchServer } from '../harness/attack';
import { QUICK_ATTACKS, SLOW_ATTACKS, type SpreadsheetAttack } from '../harness/spreadsheet-attacks';
import { sheetOfRows, xlsxOf } from '../harness/spreadsheets';

jest.setTimeout(240_000);
// A tolerant limit: other processes may use the machine.
jest.retryTimes(2);

/** Memory of a reading process beside its heap of 256 MB. */
const MAX_READER_MB = 500;
const HONEST = xlsxOf(sheetOfRows(96));

describe('Spreadsheets that attack the server', () => {
  let scene: Scene;
  /** A sensor of each account. */
  const sensors = new Map<Person, number>();

  beforeAll(async () => {
    scene = await startScene();
    const fresh = new Fresh(scene.sql);
    sensors.set('accountAdmin', await fresh.sensor(1));
    sensors.set('stranger', await fresh.sensor(2));
  });
  afterAll(() => scene.stop());

  async function upload(person: Person, name: string, bytes: Buffer) {
    const form = new FormData();
    form.append('timezone', 'UTC');
    form.append('file', new Blob([new Uint8Array(bytes)]), name);
    const response = await scene.api.fetch(
      new Request(`${scene.api.url}/api/v3_0/sensors/${sensors.get(person)!}/data`, {
        method: 'POST',
        headers: { Authorization: scene.tokenOf(person) },
        body: form,
      }),
    );
    const body = (await response.json()) as { message: string | { form: { file: string[] } } };
    const reason = typeof body.message === 'string' ? body.message : body.message.form.file.join();
    return { status: response.status, reason };
  }
  const attack = ({ name, bytes }: SpreadsheetAttack) => upload('stranger', name, bytes());
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

  it.each(QUICK_ATTACKS)('answers $what while it serves other requests', async (given) => {
    const seen = await watchServer(scene.api, async () => {
      const [answer] = await Promise.all([attack(given), uploadAsOtherUser()]);
      return answer;
    });
    expectRefused(seen.result, given);
    expectWithinLimits(seen);
  });

  it('ends processes that take too long or too much memory, and serves other users meanwhile', async () => {
    const slow = Object.values(SLOW_ATTACKS);
    const seen = await watchServer(scene.api, async () => {
      const state = { isOver: false };
      const attacking = Promise.all(slow.map(attack)).finally(() => (state.isOver = true));
      let served = 0;
      let readerMb = 0;
      for (; !state.isOver; served++) {
        readerMb = Math.max(readerMb, ...childrenOf(scene.api.pid).map(({ rssMb }) => rssMb));
        await uploadAsOtherUser();
      }
      return { answers: await attacking, served, readerMb };
    });
    seen.result.answers.forEach((answer, i) => expectRefused(answer, slow[i]!));
    expect(seen.result.served).toBeGreaterThan(slow.length);
    expect(seen.result.readerMb).toBeLessThan(MAX_READER_MB);
    expectWithinLimits(seen);
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
    const reading = attack(SLOW_ATTACKS.time).catch(() => 'cut off');
    while (childrenOf(scene.api.pid).length === 0) await sleep(20);
    const [{ pid }] = childrenOf(scene.api.pid) as [Process];
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
}

const isRunning = (pid: number): boolean => processes().some((process) => process.pid === pid);

/** All running processes, without those that have ended. */
function processes(): Process[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,stat='])
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => !state!.startsWith('Z'))
    .map(([pid, parent, rssKb]) => ({
      pid: Number(pid),
      parent: Number(parent),
      rssMb: Number(rssKb) / 1024,
    }));
}

const childrenOf = (pid: number): Process[] => processes().filter(({ parent }) => parent === pid);
