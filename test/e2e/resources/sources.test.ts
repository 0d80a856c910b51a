import { startScene, type Person, type Scene } from '../../harness/scenes/api-scene';

interface ShownSource {
  id: number;
  name: string;
  type: string;
  version: string | null;
  account_id: number | null;
}

describe('Data sources', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await startScene();
    for (const version of ['9', '10', '8'])
      await scene.sql.query(
        "INSERT INTO data_source (name, type, model, version) VALUES ('Weather service', 'crawler', 'forecast', $1)",
        [version],
      );
    await scene.sql.query("INSERT INTO data_source (name, type) VALUES ('deleted (user 77)', 'user')");
    const data = { start: '2026-03-01T00:00:00Z', duration: 'PT15M', values: [1], unit: 'MW' };
    expect((await scene.send('POST', '/sensors/2/data', data, 'member')).status).toBe(200);
  });

  afterAll(() => scene.stop());

  const list = async (query = '', person?: Person) => {
    const { status, body } = await scene.send('GET', `/sources${query}`, undefined, person);
    expect(status).toBe(200);
    return body as { types: string[]; sources: ShownSource[] };
  };
  const names = ({ sources }: { sources: ShownSource[] }) => sources.map(({ name }) => name);

  it('are those of users of the account and of scripts', async () => {
    const own = await list();
    expect(names(own)).toEqual(expect.arrayContaining(['member', 'Seita', 'Weather service']));
    expect(names(own)).not.toContain('deleted (user 77)');
    expect(own.sources.find(({ name }) => name === 'member')).toEqual({
      ...{ id: expect.any(Number) as number, name: 'member', type: 'user', model: null, version: null },
      ...{ description: 'member', account_id: 1, user_id: expect.any(Number) as number },
    });
    const foreign = await list('', 'stranger');
    expect(names(foreign)).toContain('Seita');
    expect(names(foreign)).not.toContain('member');
    expect(names(await list('', 'reader'))).toEqual(expect.arrayContaining(['member', 'deleted (user 77)']));
  });

  it('are listed in their latest version, or in all', async () => {
    const versions = ({ sources }: { sources: ShownSource[] }) =>
      sources.filter(({ name }) => name === 'Weather service').map(({ version }) => version);
    expect(versions(await list())).toEqual(['10']);
    for (const name of ['only_latest', 'only-latest'])
      expect(versions(await list(`?${name}=false`))).toEqual(['9', '10', '8']);
  });

  it('come with their types', async () => {
    const { types } = await list();
    expect(types).toEqual(
      expect.arrayContaining(['user', 'forecasting script', 'scheduling script', 'crawler']),
    );
    expect(new Set(types).size).toBe(types.length);
  });

  it('can be fetched one by one', async () => {
    const { sources } = await list();
    const { id } = sources.find(({ name }) => name === 'member')!;
    expect((await scene.send('GET', `/sources/${id}`)).body).toMatchObject({
      id,
      account_id: 1,
      status: 200,
    });
    expect((await scene.send('GET', `/sources/${id}`, undefined, 'stranger')).status).toBe(403);
    for (const unknown of ['9999', '99999999999'])
      expect((await scene.send('GET', `/sources/${unknown}`)).status).toBe(404);
    expect((await scene.send('GET', '/sources/x')).status).toBe(422);
    expect((await scene.send('GET', '/sources?only_latest=maybe')).status).toBe(422);
  });
});
