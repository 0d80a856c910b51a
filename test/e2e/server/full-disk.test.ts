import { execFileSync } from 'node:child_process';
import { startScene, type Scene } from '../../harness/scenes/api-scene';
import { type ApiServer, startApi } from '../../harness/servers/api';

const FULL = {
  status: 507,
  body: {
    message: 'The server has no space left to store this.',
    result: 'Rejected',
    status: 'INSUFFICIENT_STORAGE',
  },
};

describe('A full disk', () => {
  let scene: Scene<ApiServer>;
  beforeAll(async () => {
    scene = await startScene({}, startApi);
  });
  afterAll(() => scene.stop());

  const upload = async () => {
    const form = new FormData();
    form.append('uploaded-files', new Blob(['time,value\n2026-03-04T07:00Z,1\n']), 'data.csv');
    const headers = { Authorization: scene.tokenOf('accountAdmin') };
    const url = `${scene.api.url}/api/v3_0/sensors/2/data/upload`;
    const response = await scene.api.fetch(new Request(url, { method: 'POST', headers, body: form }));
    return { status: response.status, body: await response.json() };
  };

  it('of the server makes uploads fail with 507, until there is space again', async () => {
    // A file size limit of zero makes writes fail, as on a full disk.
    const limit = (size: string) =>
      execFileSync('prlimit', ['--pid', String(scene.api.pid), `--fsize=${size}:`]);
    limit('0');
    expect(await upload()).toMatchObject(FULL);
    expect(scene.api.output()).toMatch(/upload failed: status=507/);
    limit('unlimited');
    expect((await upload()).status).not.toBe(507);
  });

  it('of the database makes requests that store something fail with 507', async () => {
    await scene.sql.query(`
      CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER fill_disk BEFORE INSERT ON generic_asset EXECUTE FUNCTION fill_disk()`);
    const asset = { name: 'battery on a full disk', generic_asset_type_id: 5, account_id: 1 };
    expect(await scene.send('POST', '/assets', asset)).toMatchObject(FULL);
    expect((await scene.send('GET', '/assets')).status).toBe(200);
    await scene.sql.query('DROP TRIGGER fill_disk ON generic_asset');
    expect((await scene.send('POST', '/assets', asset)).status).toBe(201);
  });
});
