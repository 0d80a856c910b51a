import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BEFORE } from '../recorded/between';
import { DIFFERENCES, without } from '../recorded/differences';
import { atNow, Replay, shortenedAs, type RecordedCase } from '../recorded/replay';
import { startRecordedScene, type RecordedScene } from '../recorded/scene';

const ROOT = join(__dirname, '..', '..', '..');
const RECORDING = join(ROOT, '..', 'shared', 'cases', 'api-v3-recorded.json');
const isThere = existsSync(RECORDING);
if (!isThere)
  process.stderr.write(`SKIPPED: there is no ${RECORDING}, so that no recorded request is replayed.\n`);

const cases = isThere ? (JSON.parse(readFileSync(RECORDING, 'utf8')) as { cases: RecordedCase[] }).cases : [];
const names = cases.map(({ name }) => name);

(isThere ? describe : describe.skip)('Requests that were recorded from FlexMeasures 0.12.1', () => {
  let scene: RecordedScene;
  let replay: Replay;

  beforeAll(async () => {
    scene = await startRecordedScene(atNow);
    replay = new Replay(scene);
  });

  afterAll(() => scene.stop());

  const sendBefore = async (name: string): Promise<void> => {
    for (const { user, json, schedule, ...rest } of BEFORE[name] ?? []) {
      const headers = { Authorization: `<TOKEN:${user}>` };
      replay.remember(schedule, await replay.send({ ...rest, query: null, headers, json }));
    }
  };

  it.each(cases.map((recorded) => [recorded.name, recorded] as const))(
    'answers the recorded request %s',
    async (name, recorded) => {
      await sendBefore(name);
      const answer = await replay.sendWhenDone(recorded.request);
      replay.remember((recorded.response.json as { schedule?: string } | undefined)?.schedule, answer);
      const expected = replay.comparable(recorded.response, { isRecorded: true });
      const actual = shortenedAs(expected, replay.comparable(answer));
      const difference = DIFFERENCES[name];
      if (difference === undefined) expect(actual).toEqual(expected);
      else {
        const { status, fields } = difference;
        expect(answer.status).toBe(status);
        expect(actual).not.toEqual(expected);
        if (fields.length > 0) expect(without(fields, actual)).toEqual(without(fields, expected));
      }
    },
  );

  it('have a case for every difference and every intermediate request', () => {
    expect(names).toEqual(expect.arrayContaining([...Object.keys(DIFFERENCES), ...Object.keys(BEFORE)]));
  });
});

it('have a description for every difference', () => {
  const text = readFileSync(join(ROOT, 'docs', 'compatibility.md'), 'utf8');
  const sections = new Map(
    text.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section]),
  );
  for (const [name, { reason }] of Object.entries(DIFFERENCES)) {
    expect(sections.get(reason) ?? `no section "${reason}"`).toContain(`\`${name}\``);
  }
});
