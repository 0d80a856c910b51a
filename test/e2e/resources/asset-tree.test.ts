import { unprocessable } from '../../harness/contract/answers';
import { startScene, uniqueNumber, type Person, type Scene } from '../../harness/scenes/api-scene';

type Shown = Record<string, unknown> & { id: number; name: string };

describe('The tree of assets', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  const send: Scene['send'] = (...request) => scene.send(...request);
  const get = (path: string, person?: Person) => send('GET', path, undefined, person);
  const create = async (fields: object = {}, person?: Person): Promise<number> => {
    const name = `asset ${uniqueNumber()}`;
    const created = await send(
      'POST',
      '/assets',
      { name, generic_asset_type_id: 5, account_id: 1, ...fields },
      person,
    );
    if (created.status !== 201) throw new Error(JSON.stringify(created.body));
    return (created.body as Shown).id;
  };
  const namesOf = (body: unknown) => (body as Shown[]).map(({ name }) => name);
  const idsOf = (body: unknown) => (body as Shown[]).map(({ id }) => id);

  it('has parents and children in the answers, and the account of the parent by default', async () => {
    const site = await create({ name: 'site', description: 'A house', external_id: 'x-1' });
    const child = await create({ name: 'child', parent_asset_id: site, account_id: undefined });
    expect((await get(`/assets/${child}`)).body).toMatchObject({ account_id: 1, parent_asset_id: site });
    expect((await get(`/assets/${site}`)).body).toMatchObject({
      child_assets: [
        { id: child, name: 'child', account_id: 1, generic_asset_type: { id: 5, name: 'battery' } },
      ],
      description: 'A house',
      external_id: 'x-1',
      owner: { id: 1, name: 'Toy Account' },
      parent_asset_id: null,
    });
  });

  it('moves assets, but never below themselves', async () => {
    const [a, b] = [await create(), await create()];
    const c = await create({ parent_asset_id: b });
    const move = (id: number, parent: number | null) =>
      send('PATCH', `/assets/${id}`, { parent_asset_id: parent }, 'member');
    expect(await move(b, a)).toMatchObject({ status: 200, body: { parent_asset_id: a } });
    for (const below of [a, b, c])
      expect(await move(a, below)).toMatchObject(
        unprocessable('json', { parent_asset_id: [`Asset ${below} is asset ${a} itself or below it.`] }),
      );
    expect(await move(b, null)).toMatchObject({ status: 200, body: { parent_asset_id: null } });
  });

  it('has no cycle after moves at the same time', async () => {
    const [a, b] = [await create(), await create()];
    const answers = await Promise.all([
      send('PATCH', `/assets/${a}`, { parent_asset_id: b }),
      send('PATCH', `/assets/${b}`, { parent_asset_id: a }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  it('refuses parents that do not exist, of other accounts, and too many levels', async () => {
    const post = (fields: object, person?: Person) =>
      send(
        'POST',
        '/assets',
        { name: `asset ${uniqueNumber()}`, generic_asset_type_id: 5, ...fields },
        person,
      );
    expect(await post({ account_id: 1, parent_asset_id: 9999 })).toMatchObject(
      unprocessable('json', { parent_asset_id: ["Parent GenericAsset with id 9999 doesn't exist."] }),
    );
    const other = await create({ account_id: 2 }, 'admin');
    expect((await post({ account_id: 1, parent_asset_id: other })).status).toBe(403);
    expect(await post({ account_id: 1, parent_asset_id: other }, 'admin')).toMatchObject(
      unprocessable('json', {
        parent_asset_id: ['Parent asset must belong to the same account as the child asset.'],
      }),
    );
    expect((await send('PATCH', '/assets/3', { parent_asset_id: other })).status).toBe(403);
    let parent: number | undefined;
    for (let level = 1; level <= 50; level++) parent = await create({ parent_asset_id: parent });
    expect(await post({ account_id: 1, parent_asset_id: parent })).toMatchObject(
      unprocessable('json', { parent_asset_id: ['A tree of assets must not have more than 50 levels.'] }),
    );
  });

  it('has unique names among siblings only, and unique external ids in an account', async () => {
    const [a, b] = [await create(), await create()];
    await create({ name: 'panel', parent_asset_id: a });
    const second = await create({ name: 'panel', parent_asset_id: b, external_id: 'panel-b' });
    const again = { name: 'panel', generic_asset_type_id: 5, account_id: 1, parent_asset_id: a };
    const taken = unprocessable('json', {
      name: [`An asset with the name panel already exists under parent asset ${a}.`],
    });
    expect(await send('POST', '/assets', again)).toMatchObject(taken);
    expect(await send('PATCH', `/assets/${second}`, { parent_asset_id: a })).toMatchObject(taken);
    expect(await send('PATCH', `/assets/${b}`, { external_id: 'panel-b' })).toMatchObject(
      unprocessable('json', { external_id: ['Another asset of this account has the external id panel-b.'] }),
    );
    expect((await send('PATCH', `/assets/${second}`, { external_id: ' ' })).body).toMatchObject({
      external_id: null,
    });
    expect((await send('PATCH', `/assets/${b}`, { external_id: 'panel-b' })).status).toBe(200);
    const posted = await Promise.all(
      [1, 2, 3, 4].map(() =>
        send('POST', '/assets', {
          ...{ name: `asset ${uniqueNumber()}`, generic_asset_type_id: 5, account_id: 1 },
          external_id: 'at once',
        }),
      ),
    );
    const refused = posted.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(3);
    for (const one of refused)
      expect(one).toMatchObject(
        unprocessable('json', {
          external_id: ['Another asset of this account has the external id at once.'],
        }),
      );
  });

  it('is deleted with everything below the asset', async () => {
    const site = await create();
    const child = await create({ parent_asset_id: site });
    const grandchild = await create({ parent_asset_id: child });
    expect((await send('DELETE', `/assets/${site}`)).status).toBe(204);
    for (const id of [child, grandchild]) expect((await get(`/assets/${id}`)).status).toBe(404);
  });

  describe('in lists', () => {
    let site: number;
    let [child, grandchild]: number[] = [];
    beforeAll(async () => {
      site = await create({ name: 'listed site' });
      child = await create({ name: 'listed child', parent_asset_id: site, generic_asset_type_id: 1 });
      grandchild = await create({ name: 'listed grandchild', parent_asset_id: child });
    });

    it('is selected by root and depth', async () => {
      expect(idsOf((await get(`/assets?root=${site}`)).body)).toEqual([site, child, grandchild]);
      expect(idsOf((await get(`/assets?root=${site}&depth=1`)).body)).toEqual([site, child]);
      expect(idsOf((await get(`/assets?root=${site}&depth=0`)).body)).toEqual([site]);
      expect((await get(`/assets?root=${site}`, 'stranger')).status).toBe(403);
      expect(await get('/assets?root=9999')).toMatchObject(
        unprocessable('query', { root: ['No asset found with ID 9999.'] }),
      );
      expect((await get('/assets?depth=1')).status).toBe(422);
    });

    it('is selected by type, account and access', async () => {
      expect(idsOf((await get(`/assets?root=${site}&asset_type=1`)).body)).toEqual([child]);
      expect((await get('/assets?asset_type=999')).status).toBe(422);
      expect(namesOf((await get('/assets?account=1', 'reader')).body)).toContain('toy-battery');
      expect((await get('/assets?account=2')).status).toBe(403);
      const market = 'NL transmission zone';
      expect(namesOf((await get('/assets')).body)).not.toContain(market);
      expect(namesOf((await get('/assets?include_public=True')).body)).toContain(market);
      const all = namesOf((await get('/assets?all_accessible=true', 'reader')).body);
      expect(all).toEqual(expect.arrayContaining([market, 'toy-battery']));
      expect(namesOf((await get('/assets', 'reader')).body)).toEqual([]);
    });

    it('has the fields that are asked for, in the order that is asked for', async () => {
      const path = `/assets?root=${site}&fields=id%7Cname&sort_by=name&sort_dir=desc`;
      expect((await get(path)).body).toEqual([
        { id: site, name: 'listed site' },
        { id: grandchild, name: 'listed grandchild' },
        { id: child, name: 'listed child' },
      ]);
      expect(await get('/assets?fields=id%7Cfoo')).toMatchObject(
        unprocessable('query', { fields: ["Parameter 'foo' is not a valid asset field."] }),
      );
      expect((await get('/assets/public?fields=name')).body).toContainEqual({
        id: 4,
        name: 'NL transmission zone',
      });
    });

    it('comes in pages with the numbers of records', async () => {
      const path = '/assets?filter=listed%20child&sort-by=id&sort-dir=desc&page=1&per-page=1';
      const { body } = await get(path);
      expect(body).toMatchObject({ data: [{ id: grandchild }], 'filtered-records': 2 });
      expect((body as Record<string, number>)['num-records']).toBeGreaterThan(2);
      const byPhrase = (await get('/assets?filter="listed child" toy&page=1')).body;
      expect(byPhrase).toMatchObject({ data: [{ id: child }], 'filtered-records': 1 });
      expect((await get(`/assets?filter=${grandchild}&page=1`)).body).toMatchObject({
        data: [{ id: grandchild }],
      });
    });
  });

  it('does not show children of accounts that the user may not read', async () => {
    const site = await create();
    const hidden = await create({ parent_asset_id: site });
    await scene.sql.query('UPDATE generic_asset SET account_id = 2 WHERE id = $1', [hidden]);
    expect((await get(`/assets/${site}`)).body).toMatchObject({ child_assets: [] });
    expect((await get(`/assets/${site}`, 'admin')).body).toMatchObject({ child_assets: [{ id: hidden }] });
    expect(idsOf((await get(`/assets?root=${site}`)).body)).toEqual([site]);
  });
});
