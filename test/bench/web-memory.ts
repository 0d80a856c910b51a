import { summarise, type Figure } from './figures';
import { CONSUMPTION, openPage, SITE, withWebBench } from './web';

/** What an hour of live updates brings, one each five seconds; they follow each other as fast as a page takes them. */
const UPDATES = 720;
/** Until the heap is steady: scripts are compiled, and caches are filled. */
const WARM_UP = 300;
/** Changes within a moment are loaded together. */
const APART_MS = 170;
/** More than what stays by chance. */
const LARGEST_GROWTH_KB = 1000;

/** What a page holds. */
interface Held {
  heapKb: number;
  nodes: number;
  listeners: number;
}

/**
 * Has the graph page of the demo building follow live updates, and compares what the page holds after garbage collection before
 * and after. In between, the period is changed, and the replay is opened and closed.
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
    // Handles of elements would keep them; locators have none.
    const waitFor = (selector: string) => page.locator(selector).waitFor({ state: 'attached' });
    const lookAround = async (): Promise<void> => {
      for (const button of ['Earlier', 'Later']) {
        await page.click(`[aria-label="${button}"]`);
        await waitFor('fm-chart[data-state="ready"]');
      }
      await page.click('text=Replay');
      await waitFor('.chart-slider');
      await page.click('text=End replay');
    };
    const follow = async (updates: number): Promise<number> => {
      const start = performance.now();
      await page.evaluate(`(${SEND_UPDATES})(${updates}, ${CONSUMPTION}, ${APART_MS})`);
      return (performance.now() - start) / updates;
    };
    await page.goto(`/assets/${SITE}`);
    await waitFor('fm-chart[data-state="ready"]');
    await follow(WARM_UP);
    await lookAround();
    const before = await held();
    const times: number[] = [];
    for (let part = 0; part < 6; part++) {
      times.push(await follow(UPDATES / 6));
      await lookAround();
    }
    const after = await held();
    await page.context().close();
    if (after.heapKb - before.heapKb > LARGEST_GROWTH_KB)
      throw new Error(`The page leaks: ${inWords(before)}, then ${inWords(after)}.`);
    const note = `${inWords(before)} before, ${inWords(after)} after ${UPDATES} updates`;
    return [summarise('from an update of a page to the next', times, note)];
  });
}

/** Runs in the page: tells it of new data, which it loads from the server each time. */
const SEND_UPDATES = `async (updates, sensor, apartMs) => {
  for (let update = 0; update < updates; update++) {
    const now = new Date().toISOString();
    const data = { sensor, measurements: { first_event_start: now, last_event_start: now } };
    document.dispatchEvent(new CustomEvent('live-event', { detail: { name: 'beliefs.saved', data } }));
    await new Promise((done) => setTimeout(done, apartMs));
    // Browsers keep those of the first 250 loads.
    performance.clearResourceTimings();
  }
}`;

const inWords = ({ heapKb, nodes, listeners }: Held): string =>
  `${heapKb} kB of heap, ${nodes} nodes and ${listeners} listeners`;
