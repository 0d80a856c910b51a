import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScene, type Scene } from '../../harness/scenes/api-scene';

const RECORDING = join(__dirname, '..', '..', '..', '..', 'shared', 'cases', 'client-requests.json');
const isThere = existsSync(RECORDING);
if (!isThere)
  process.stderr.write(`SKIPPED: there is no ${RECORDING}, so that no request of a client is replayed.\n`);

/** What a method of a version of flexmeasures-client sent, and what this server answered before it had the API of 2026. */
interface ClientCase {
  client: string;
  method: string;
  worked_then: boolean;
  requests: { method: string; path: string; json?: Record<string, unknown>; answered_then: number }[];
}

const cases = isThere ? (JSON.parse(readFileSync(RECORDING, 'utf8')) as ClientCase[]) : [];
const isAboutAssets = ({ requests }: ClientCase): boolean =>
  requests.every(({ path }) => /^\/api\/v3_0\/assets(?!\/\d+\/schedules)/.test(path));
const clients = [...new Set(cases.map(({ client }) => client))];

/** Assets with lower ids are those of the toy account. */
const LAST_TOY_ASSET = 4;
const SUCCESS: Record<string, number> = { GET: 200, POST: 201, PATCH: 200, DELETE: 204 };

(isThere ? describe : describe.skip).each(clients)('Requests about assets of %s', (client) => {
  let scene: Scene;
  /** Id of the asset that the client created first. */
  let created: number | undefined;

  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  /** Text with the id that the first asset of the client has in this run. */
  const withId = (text: string): string =>
    text.replaceAll(/(?<=\/assets\/|"parent_asset_id":)\d+/g, (id) =>
      Number(id) > LAST_TOY_ASSET && Number(id) < 9999 ? String(created) : id,
    );

  it.each(
    cases
      .filter((one) => one.client === client && isAboutAssets(one))
      .map((one) => [one.method, one] as const),
  )('are answered: %s', async (name, { requests }) => {
    for (const { method, path, json } of requests) {
      const body = json === undefined ? undefined : (JSON.parse(withId(JSON.stringify(json))) as object);
      const answer = await scene.send(method, withId(path.replace('/api/v3_0', '')), body);
      const expected = name.startsWith('EXPECT-ERR') ? 404 : SUCCESS[method];
      expect([answer.status, answer.body]).toEqual([expected, answer.body]);
      if (method === 'POST') created ??= (answer.body as { id: number }).id;
    }
  });
});
