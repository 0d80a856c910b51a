import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { find, flexmeasures } from './cli.mjs';
import { ensureBuilt, ensureInstalled, root } from './project.mjs';

const PORT = process.env.PORT || '5000';
const URL = `http://localhost:${PORT}`;
const WAIT_MS = 60_000;

await ensureInstalled();
await ensureBuilt();

console.log('A building with solar panels, a battery and a charging point, over two weeks.');
flexmeasures('db upgrade');
console.log(
  '\nThe next command computes forecasts and schedules for each quarter of these days: half a minute.',
);
const made = flexmeasures('add toy-account --kind building');
const site = find(made, /demo-building \(ID: (\d+)\)/);

const server = spawn(
  process.execPath,
  [
    '--max-semi-space-size=8',
    '--heap-growing-percent=40',
    join(root, 'dist', 'apps', 'api', 'src', 'main.js'),
  ],
  { stdio: 'inherit', env: { ...process.env, PORT } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
void once(server, 'exit').then(([code]) => process.exit(code ?? 0));

await waitUntilReady();
console.log(`
The demo is ready. Log in as toy-user@flexmeasures.io with the password toy-password:

  ${URL}/assets/${site}

The server stops with Ctrl+C; \`npm run demo\` starts it again with the same data.
\`npx flexmeasures db stop\` stops the embedded database.`);

/** Waits until the server answers; exits if it takes too long. */
async function waitUntilReady() {
  for (const startMs = Date.now(); Date.now() - startMs < WAIT_MS; await sleep(200)) {
    const answer = await fetch(`${URL}/api/v3_0/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
  }
  console.error(`Error: the server did not answer at ${URL} within ${WAIT_MS / 1000} s.`);
  server.kill();
  process.exit(1);
}
