// Asks a server for its health again and again, from a thread of its own, so that a busy test does not count as a busy
// server. For each attack, the test sends 'begin', and receives 'watching' once the server answers; then it sends 'over',
// and receives what was seen.
const { readFileSync } = require('node:fs');
const { execFileSync } = require('node:child_process');
const { get } = require('node:http');
const { parentPort, workerData } = require('node:worker_threads');

const { pid, port } = workerData;
const PAUSE_MS = 10;
const TICK_MS = 5;
const TIMEOUT_MS = 30_000;
/** The health route answers 503 when the database has not answered by then. */
const DATABASE_TIMEOUT_MS = 3000;
const WARM_UPS = 20;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How late the timers of this thread were, in total: how long the machine did not let it run. */
let lateMs = 0;
let lastTick = performance.now();
setInterval(() => {
  const now = performance.now();
  lateMs += Math.max(0, now - lastTick - TICK_MS - 1);
  lastTick = now;
}, TICK_MS).unref();

/** Kilobytes that a process holds, and the most that it has held as far as the system tells. */
function memoryOf() {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const read = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)[1]);
    return { rss: read('VmRSS'), most: read('VmHWM') };
  } catch (error) {
    if (process.platform === 'linux') throw error;
    return { rss: Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()), most: 0 };
  }
}

/** Milliseconds that the server's main thread has run, and waited for a processor; 0 where the system does not tell. */
function threadTimes() {
  try {
    const [runNs, delayNs] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')
      .split(' ')
      .map(Number);
    return { runMs: runNs / 1e6, delayMs: delayNs / 1e6 };
  } catch {
    return { runMs: 0, delayMs: 0 };
  }
}

/**
 * What of an answer's time is the server's doing: neither the server's main thread nor this one waited for a processor
 * meanwhile. Both may have waited at the same time, but the time for which the server's main thread ran counts always.
 */
function withoutDelays(rawMs, { runMs, delayMs, ownLateMs }) {
  const served = Math.max(0, rawMs - delayMs);
  return Math.max(served - ownLateMs, Math.min(served, runMs));
}

/** One answer over a connection of its own: milliseconds as the clock shows them, and those of the server's doing. */
function askHealth() {
  return new Promise((resolve, reject) => {
    const before = { ...threadTimes(), lateMs };
    const start = performance.now();
    const options = { host: '127.0.0.1', port, path: '/api/v3_0/health/ready', agent: false };
    const request = get({ ...options, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      response.on('end', () => {
        const rawMs = performance.now() - start;
        // Late enough, the server may take its database for down; then the time counts.
        if (response.statusCode !== 200 && rawMs < DATABASE_TIMEOUT_MS) {
          reject(new Error(`Health answered ${response.statusCode}.`));
          return;
        }
        const { runMs, delayMs } = threadTimes();
        const delays = {
          runMs: runMs - before.runMs,
          delayMs: delayMs - before.delayMs,
          ownLateMs: lateMs - before.lateMs,
        };
        resolve({ rawMs, ms: withoutDelays(rawMs, delays) });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`No health for ${TIMEOUT_MS} ms.`)));
    request.on('error', reject);
  });
}

/** The next message from the test. */
const nextMessage = () => new Promise((resolve) => parentPort.once('message', resolve));

/** Watches one attack. */
async function watch() {
  let isOver = false;
  void nextMessage().then(() => (isOver = true));
  const before = memoryOf();
  const seen = { samples: 0, slowestHealthMs: 0, slowestHealthRawMs: 0, peakRssKb: before.rss };
  parentPort.postMessage('watching');
  // One more when it is over: what was sent last may still be at work.
  for (let isLast = false; !isLast; await sleep(PAUSE_MS)) {
    isLast = isOver;
    const { ms, rawMs } = await askHealth();
    seen.samples++;
    seen.slowestHealthMs = Math.max(seen.slowestHealthMs, ms);
    seen.slowestHealthRawMs = Math.max(seen.slowestHealthRawMs, rawMs);
    seen.peakRssKb = Math.max(seen.peakRssKb, memoryOf().rss);
  }
  const { most } = memoryOf();
  if (most > before.most) seen.peakRssKb = most;
  parentPort.postMessage(seen);
}

async function watchAttacks() {
  await nextMessage();
  for (let count = 0; count < WARM_UPS; count++) await askHealth();
  for (;;) {
    await watch();
    await nextMessage();
  }
}

watchAttacks().catch((error) => {
  throw new Error(`The server failed while it was watched: ${error.message}`);
});
