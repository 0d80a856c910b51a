import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi, type ApiServer } from '../../harness/servers/api';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TOY_ACCOUNT } from '../../harness/databases/templates';

const ROOT = join(__dirname, '..', '..', '..');

/** A program of a user of the package. */
const PROGRAM = `
import { createFlexMeasuresClient, type Schemas } from 'flexmeasures-client';

const baseUrl = process.argv[2]!;
let token: string | undefined;
const api = createFlexMeasuresClient({ baseUrl, token: () => token });
const logIn = await api.POST('/api/requestAuthToken', {
  body: { email: 'toy-user@flexmeasures.io', password: 'toy-password' },
});
token = logIn.data?.auth_token;
const { data } = await api.GET('/api/v3_0/assets', { params: { query: { account_id: 1 } } });
// A page is an object with the assets.
const assets: Schemas['AssetInList'][] = Array.isArray(data) ? data : (data?.data ?? []);
const names = assets.map(({ name }) => name);
const missing = await api.GET('/api/v3_0/assets/{id}', { params: { path: { id: 9999 } } });
const uploaded = await api.POST('/api/v3_0/sensors/{id}/data/upload', {
  params: { path: { id: 2 } },
  body: { 'uploaded-files': [new File(['2026-03-05T00:00:00Z,0.2\\n'], 'power.csv')], datecol: ['0'] },
});
process.stdout.write(JSON.stringify({ names, error: missing.error?.status, uploaded: uploaded.data?.status }));

const start = '2026-01-01T00:00Z';
// @ts-expect-error The built-in scheduler has no such field of a flex-model.
export const model: Schemas['SchedulePost'] = { start, 'flex-model': { 'soc-at-strat': 225 } };
// @ts-expect-error The built-in scheduler has no such field of a flex-context.
export const context: Schemas['SchedulePost'] = { start, 'flex-context': { 'consumption-pryce': 1 } };
// @ts-expect-error The built-in scheduler has no such field of a device.
export const site: Schemas['SiteSchedulePost'] = { start, 'flex-model': [{ sensor: 2, 'soc-at-strat': 225 }] };
// A custom scheduler may have it. Fields with a default need not be sent.
export const custom: Schemas['CustomSchedulePost'] = { start, 'flex-model': { colour: 'red' } };
export const sent = custom as Schemas['SchedulePost'];

// @ts-expect-error The contract has no such path.
void (() => api.GET('/api/v3_0/nothing'));
// @ts-expect-error The id of an asset is a number.
void (() => api.GET('/api/v3_0/assets/{id}', { params: { path: { id: 'three' } } }));
// @ts-expect-error A duration is missing.
export const post: Schemas['SensorDataPost'] = { sensor: 2, start: '2026-01-01T00:00Z', unit: 'MW' };
`;

const COMPILER_OPTIONS = {
  target: 'es2022',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  strict: true,
  skipLibCheck: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules', '@types')],
};

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}: ${stdout}${stderr}`);
  return stdout;
}

describe('The client package', () => {
  let database: TestDatabase;
  let api: ApiServer;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase({ template: TOY_ACCOUNT });
    api = await startApi(database.uri);
    folder = mkdtempSync(join(tmpdir(), 'flexmeasures-client-'));
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('compiles, and works in a typed program that depends on it', () => {
    run(process.execPath, [join(ROOT, '.tools', 'openapi.mjs'), 'client'], ROOT);
    const modules = join(folder, 'node_modules');
    mkdirSync(modules);
    for (const part of ['package.json', 'dist'])
      cpSync(join(ROOT, 'openapi', part), join(modules, 'flexmeasures-client', part), { recursive: true });
    for (const name of ['openapi-fetch', 'openapi-typescript-helpers'])
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], folder);
    const output = run(process.execPath, [join(folder, 'program.js'), api.url], folder);
    expect(JSON.parse(output)).toEqual({
      names: expect.arrayContaining(['toy-solar', 'toy-building', 'toy-battery']) as string[],
      error: 'NOT_FOUND',
      uploaded: 'PROCESSED',
    });
  });
});
