import { logIn as logInToApi } from './bench-server';
import { summarise, type Figure } from './figures';
import { CONSUMPTION, openPage, SITE, withWebBench, type State } from './web';

/** What an hour of live updates brings: a value each five seconds, sent as fast as the page shows them. */
const UPDATES = 720;
/** Before the first look: scripts are compiled, and caches are filled. */
const WARM_UP = 60;
/** More than what stays by chance. */
const LARGEST_GROWTH_KB = 2000;

/** What a page holds. */
interface Held {
  heapKb: number;
  nodes: number;
  listeners: number;
}

/**
 * Follows live updates of the graph page of the demo building, and compares what the page holds after garbage collection before
 * and after. The replay is opened and closed, and periods are changed, in between.
 */
export function benchWebMemory(): Promise<Figure[]> {
  return withWebBench(async (state) => {
    const page = await openPage(state);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const held = async (): Promise<Held> => {
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const valueOf = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
      return {
        heapKb: Math.round(valueOf('JSHeapUsedSize') / 1000),
        nodes: valueOf('Nodes'),
        listeners: valueOf('JSEventListeners'),
      };
    };
    await page.goto(`/assets/${SITE}`);
    await page.waitForSelector('fm-live[data-state="live"]');
    await page.waitForSelector('fm-chart[data-state="ready"]');
    const token = await logInToApi(state.url);
    const times: number[] = [];
    const follow = async (updates: number, first: number): Promise<void> => {
      for (let update = 0; update < updates; update++) {
        const start = performance.now();
        const shown = page.waitForResponse((response) => response.url().includes('/latest'));
        await post(state, token, first + update);
        await (await shown).finished();
        times.push(performance.now() - start);
        if (update % 120 === 60) await lookAround();
      }
    };
    const lookAround = async (): Promise<void> => {
      await page.click('[aria-label="Earlier"]');
      await page.waitForSelector('fm-chart[data-state="ready"]');
      await page.click('[aria-label="Later"]');
      await page.waitForSelector('fm-chart[data-state="ready"]');
      await page.click('text=Replay');
      await page.waitForSelector('.chart-slider');
      await page.click('text=End replay');
    };
    await follow(WARM_UP, 0);
    await lookAround();
    const before = await held();
    times.length = 0;
    await follow(UPDATES, WARM_UP);
    const after = await held();
    await page.context().close();
    const growthKb = after.heapKb - before.heapKb;
    if (growthKb > LARGEST_GROWTH_KB)
      throw new Error(`The page leaks: ${inWords(before)}, then ${inWords(after)}.`);
    return [
      summarise('an update that a page follows', times, `${inWords(before)} before, ${inWords(after)} after`),
    ];
  });
}

const inWords = ({ heapKb, nodes, listeners }: Held): string =>
  `${heapKb} kB of heap, ${nodes} nodes and ${listeners} listeners`;

/** One value of the running quarter of an hour: each time another one. */
async function post({ url }: State, token: string, number: number): Promise<void> {
  const start = new Date(Math.floor(Date.now() / 900_000) * 900_000).toISOString();
  const body = { sensor: CONSUMPTION, unit: 'kW', start, duration: 'PT15M', values: [1 + number / 1000] };
  const response = await fetch(`${url}/api/v3_0/sensors/data`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: token },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}
