import { setTimeout as sleep } from 'node:timers/promises';
import { logIn, startServer, stop, withBenchHome, type Server } from './bench-server';
import { QUARTER_MS } from './bench-app';
import { summarise, type Figure } from './figures';
import { processorMs } from './processor-time';
import { residentMb } from './resident-memory';

const STREAMS = 200;
const POSTS = 31;
const REST_S = 30;
/** Power of the toy battery. */
const SENSOR = 2;
const FIRST = Date.parse('2001-01-01T00:00Z');
const MESSAGE_LENGTH = 1000;

/** Streams of events: how soon a post to one server is told by another, and what open streams cost. */
export const benchStreams = (): Promise<Figure[]> =>
  withBenchHome([['add', 'toy-account']], async (home, env) => {
    const unlimited = { ...env, FLEXMEASURES_MAX_EVENT_STREAMS_PER_USER: 'None' };
    const [posted, told] = [await startServer(home, unlimited), await startServer(home, unlimited)];
    try {
      const token = await logIn(posted.url);
      return [await measureDelay(posted, told, token), ...(await measureRest(told, token))];
    } finally {
      await stop(told);
      await stop(posted);
    }
  });

/** From the start of a post until the event arrives. */
async function measureDelay(posted: Server, told: Server, token: string): Promise<Figure> {
  const waiting = new Map<string, () => void>();
  const stream = await openStream(told, token, (text) => {
    for (const [start, arrived] of waiting) if (text.includes(start)) arrived();
  });
  const times: number[] = [];
  for (let i = 0; i < POSTS; i++) {
    const start = new Date(FIRST + i * QUARTER_MS).toISOString();
    const arrival = new Promise<void>((resolve) => waiting.set(start, resolve));
    const begun = performance.now();
    const response = await fetch(`${posted.url}/api/v3_0/sensors/data`, {
      method: 'POST',
      headers: { Authorization: token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ sensor: SENSOR, unit: 'MW', start, duration: 'PT15M', values: [0.1] }),
    });
    if (response.status !== 200) throw new Error(`The post was answered by ${response.status}.`);
    await arrival;
    times.push(performance.now() - begun);
    waiting.delete(start);
    // As posts of devices, which come at any time.
    await sleep(Math.random() * 700);
  }
  stream.abort();
  return summarise('post to one server until the event from another', times);
}

/** Memory and processor time of a server with open streams to which nothing happens. */
async function measureRest(server: Server, token: string): Promise<Figure[]> {
  const pid = server.process.pid!;
  await sleep(2_000);
  const before = { memory: residentMb(pid), processor: await processorMsPerS(pid) };
  const streams = [];
  for (let i = 0; i < STREAMS; i++) streams.push(await openStream(server, token, () => undefined));
  await sleep(2_000);
  const during = { processor: await processorMsPerS(pid), memory: residentMb(pid) };
  for (const stream of streams) stream.abort();
  const name = `${STREAMS} open streams at rest, processor ms per s`;
  const note = `${before.processor.toFixed(1)} ms/s without them; ${before.memory} MB before, ${during.memory} MB with them`;
  return [summarise(name, [during.processor], note)];
}

async function processorMsPerS(pid: number): Promise<number> {
  const before = processorMs(pid);
  await sleep(REST_S * 1000);
  return (processorMs(pid) - before) / REST_S;
}

/** Opens a stream; resolves when its first bytes have arrived. */
async function openStream(
  { url }: Server,
  token: string,
  onText: (text: string) => void,
): Promise<AbortController> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v3_0/events`, {
    headers: { Authorization: token },
    signal: abort.signal,
  });
  if (response.status !== 200) throw new Error(`The stream was answered by ${response.status}.`);
  const reader = response.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  await reader.read();
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    // A message may come in two pieces.
    for (let text = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      text = (text + decoder.decode(value, { stream: true })).slice(-MESSAGE_LENGTH);
      onText(text);
    }
  };
  // An aborted stream ends with an error.
  void read().catch(() => undefined);
  return abort;
}
