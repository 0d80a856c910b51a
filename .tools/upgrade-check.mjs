import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const USAGE = `Usage: node .tools/upgrade-check.mjs OLD NEW

Installs the package of an earlier version, fills a database with it, upgrades it with the new package, and compares. Then it goes
back to the schema of the earlier version, which must work again. OLD and NEW are files of "npm pack", whose dependencies are
downloaded, or folders of installed packages.`;

const LOGIN = { email: 'toy-user@flexmeasures.io', password: 'toy-password' };
/** Power of the toy battery, and the prices of its market. */
const [POWER, PRICES] = ['2', '3'];
const DAY = { start: '2026-03-04T00:00:00+01:00', duration: 'P1D' };
const PRICES_FILE = `Hour,Price\n${Array.from({ length: 24 }, (_, hour) => `2026-03-04T${String(hour).padStart(2, '0')}:00Z,${(hour * 7) % 24}`).join('\n')}\n`;
const VALUES = Array.from({ length: 96 }, (_, i) => i / 100);

/** A schedule of half a day, with a quarter-hour per value. */
const SCHEDULE = {
  ...{ start: DAY.start, duration: 'PT12H' },
  'flex-context': { 'consumption-price-sensor': Number(PRICES) },
};
const SCHEDULED_VALUES = 48;
const MAX_WAIT_MS = 60_000;

const COLUMNS = `
  SELECT table_name AS table, string_agg('"' || column_name || '"', ', ' ORDER BY ordinal_position) AS names
  FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name NOT IN ('migrations', 'timed_belief_default') GROUP BY 1`;

const packages = process.argv.slice(2);
if (packages.length !== 2 || !packages.every((file) => existsSync(file))) {
  console.error(USAGE);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-upgrade-'));
const home = join(folder, 'home');
mkdirSync(home);
const [old, fresh] = packages.map((file, index) =>
  install(resolve(file), join(folder, `version-${index + 1}`)),
);
try {
  await check();
  console.log('The upgrade works: all data are there, in both versions.');
} finally {
  command(fresh, 'db', 'stop');
  const data = join(home, 'postgres');
  if (existsSync(data)) rmSync(realpathSync(data), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

async function check() {
  command(old, 'db', 'upgrade');
  command(old, 'add', 'toy-account');
  writeFileSync(join(home, 'prices.csv'), PRICES_FILE);
  command(old, 'add', 'beliefs', '--sensor-id', PRICES, '--source', 'toy-user', 'prices.csv');
  const schema = command(old, 'db', 'current').split(/\s/)[0];
  const known = await withServer(old, async (send) => {
    await send('POST', `sensors/${POWER}/data`, { ...DAY, unit: 'MW', values: VALUES });
    return schedule(send, '50%');
  });
  const before = await readRows();
  command(fresh, 'db', 'upgrade');
  const after = await readRows(before.columns);
  for (const [table, rows] of before.rows)
    expectEqual(`${table} after the upgrade`, after.rows.get(table), rows);
  await withServer(fresh, async (send) => {
    expectEqual('values after the upgrade', await readValues(send), VALUES);
    expectEqual('the schedule after the upgrade', await readSchedule(send, known.id), known.values);
    const { values } = await schedule(send, '40%');
    expectEqual('the number of newly scheduled values', values.length, SCHEDULED_VALUES);
    if (values.every((value) => value === 0)) throw new Error('The new version schedules nothing.');
  });
  command(fresh, 'db', 'downgrade', schema);
  await withServer(old, async (send) => {
    expectEqual('values after the downgrade', await readValues(send), VALUES);
    expectEqual('the schedule after the downgrade', await readSchedule(send, known.id), known.values);
  });
  command(fresh, 'db', 'upgrade');
}

async function readValues(send) {
  const search = new URLSearchParams({ ...DAY, unit: 'MW', source: '1' });
  return (await send('GET', `sensors/${POWER}/data?${search}`)).values;
}

/** Lets the server calculate a schedule. */
async function schedule(send, stateOfCharge) {
  const flexModel = { 'soc-at-start': stateOfCharge, 'roundtrip-efficiency': '90%' };
  const request = { ...SCHEDULE, 'flex-model': flexModel };
  const { schedule: id } = await send('POST', `sensors/${POWER}/schedules/trigger`, request);
  return { id, values: await readSchedule(send, id) };
}

/** The values of a schedule, as soon as it is calculated. */
async function readSchedule(send, id) {
  for (const untilMs = Date.now() + MAX_WAIT_MS; ;) {
    try {
      return (await send('GET', `sensors/${POWER}/schedules/${id}?duration=${SCHEDULE.duration}`)).values;
    } catch (error) {
      if (Date.now() > untilMs) throw error;
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }
}

/** @returns the folder of the installed package */
function install(file, prefix) {
  if (statSync(file).isDirectory()) return file;
  console.log(`Installing ${file} ...`);
  const npm = [
    'install',
    '--global',
    '--prefix',
    prefix,
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    file,
  ];
  const { status } = spawnSync('npm', npm, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
  return join(prefix, 'lib', 'node_modules', 'flexmeasures');
}

function environment() {
  const { PATH } = process.env;
  return { PATH, HOME: home, FLEXMEASURES_HOME: home, FLEXMEASURES_LOG_FILE: 'None' };
}

function command(installed, ...args) {
  const cli = join(installed, 'apps', 'cli', 'bin', 'flexmeasures.js');
  const options = { cwd: home, env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  const { status, stdout } = spawnSync(process.execPath, [cli, ...args], options);
  if (status !== 0) throw new Error(`flexmeasures ${args.join(' ')} failed: ${stdout}`);
  return stdout;
}

/** The rows of each table as text, with the columns that are given. */
async function readRows(columns) {
  const load = createRequire(join(fresh, 'package.json'));
  const { EmbeddedPostgres } = load(join(fresh, 'dist', 'libs', 'database', 'index.js'));
  const client = new (load('pg').Client)(await new EmbeddedPostgres(home).ensureRunning());
  await client.connect();
  try {
    const tables = columns ?? (await client.query(COLUMNS)).rows;
    const found = new Map();
    for (const { table, names } of tables) {
      const { rows } = await client.query(`SELECT (ROW(${names}))::text AS text FROM ${table} ORDER BY 1`);
      found.set(table, JSON.stringify(rows));
    }
    return { columns: tables, rows: found };
  } finally {
    await client.end();
  }
}

async function withServer(installed, work) {
  const port = await freePort();
  const main = join(installed, 'dist', 'apps', 'api', 'src', 'main.js');
  const server = spawn(process.execPath, [main], {
    ...{ cwd: home, env: { ...environment(), PORT: String(port) }, stdio: ['ignore', 'ignore', 'inherit'] },
  });
  const url = `http://127.0.0.1:${port}/api`;
  try {
    while (
      !(await fetch(`${url}/v3_0/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (server.exitCode !== null) throw new Error('The server did not start.');
      await new Promise((wake) => setTimeout(wake, 100));
    }
    const { auth_token: token } = await request('POST', `${url}/requestAuthToken`, LOGIN);
    return await work((method, path, body) => request(method, `${url}/v3_0/${path}`, body, token));
  } finally {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
  }
}

async function request(method, url, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: token }) };
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

function expectEqual(what, found, expected) {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}
