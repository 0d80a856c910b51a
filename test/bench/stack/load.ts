import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_MS, QUARTER_MS } from '../bench-app';

const POSTERS = 8;
const POST_EVERY_MS = 60;
const TRIGGER_EVERY_MS = 250;
const RETRY_AFTER_MS = 50;
/** A client gives up a request after this time, and sends it again. */
const TIMEOUT_MS = 15_000;

/** A request that was accepted, and when. */
interface Accepted {
  startMs: number;
  atMs: number;
}

/** A request that failed. */
interface Failure {
  atMs: number;
  /** Undefined without an answer. */
  status?: number;
}

/** What clients know after the load. */
export interface LoadRecord {
  /** Accepted posts of one value each; the value is the number of the quarter-hour since the first one. */
  posts: Accepted[];
  /** Accepted schedules of a day each, with the ids of their jobs. */
  jobs: (Accepted & { id: string })[];
  /** Requests that failed: when, and with which status. Clients send them again until they are accepted. */
  failures: Failure[];
  /** Reads that did not give what was accepted before. */
  wrongReads: string[];
}

/** The sensors and the first times of the load. */
export interface LoadTarget {
  url: string;
  token: string;
  postedSensor: number;
  firstPostMs: number;
  scheduledSensor: number;
  priceSensor: number;
  firstDayMs: number;
}

/** Clients that post values, read them again, and ask for schedules until they are stopped. */
export class Load {
  readonly record: LoadRecord = { posts: [], jobs: [], failures: [], wrongReads: [] };
  private isStopped = false;
  private readonly clients: Promise<void>[];
  private quarter = 0;
  private day = 0;

  constructor(private readonly target: LoadTarget) {
    this.clients = [...Array.from({ length: POSTERS }, () => this.postAndRead()), this.trigger()];
  }

  async stop(): Promise<LoadRecord> {
    this.isStopped = true;
    await Promise.all(this.clients);
    return this.record;
  }

  private async postAndRead(): Promise<void> {
    const { postedSensor: sensor, firstPostMs } = this.target;
    while (!this.isStopped) {
      const value = this.quarter++;
      const startMs = firstPostMs + value * QUARTER_MS;
      const window = { start: new Date(startMs).toISOString(), duration: 'PT15M', unit: 'MW' };
      await this.send('POST', `sensors/${sensor}/data`, { ...window, values: [value] });
      this.record.posts.push({ startMs, atMs: Date.now() });
      const query = new URLSearchParams(window).toString();
      const { values } = await this.send<{ values: unknown[] }>('GET', `sensors/${sensor}/data?${query}`);
      if (values[0] !== value) this.record.wrongReads.push(`${window.start}: ${JSON.stringify(values)}`);
      await sleep(POST_EVERY_MS);
    }
  }

  private async trigger(): Promise<void> {
    const { scheduledSensor, priceSensor, firstDayMs } = this.target;
    while (!this.isStopped) {
      const startMs = firstDayMs + this.day++ * DAY_MS;
      const { schedule } = await this.send<{ schedule: string }>(
        'POST',
        `sensors/${scheduledSensor}/schedules/trigger`,
        {
          start: new Date(startMs).toISOString(),
          // A day of the sensor's time zone may have 23 hours.
          duration: 'PT24H',
          'flex-model': { 'soc-at-start': '50%', 'roundtrip-efficiency': '90%' },
          'flex-context': { 'consumption-price-sensor': priceSensor },
        },
      );
      this.record.jobs.push({ id: schedule, startMs, atMs: Date.now() });
      await sleep(TRIGGER_EVERY_MS);
    }
  }

  /** Sends a request again and again until it is accepted. @throws Error if it is refused */
  private async send<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const { url, token } = this.target;
    for (;;) {
      const answer = await fetch(`${url}/api/v3_0/${path}`, {
        method,
        headers: { Authorization: token, 'Content-Type': 'application/json' },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => undefined);
      if (answer?.status === 200) return JSON.parse(answer.text) as Answer;
      if (answer && answer.status < 500) throw new Error(`${path}: ${answer.status} ${answer.text}`);
      this.record.failures.push({ atMs: Date.now(), status: answer?.status });
      await sleep(RETRY_AFTER_MS);
    }
  }
}
