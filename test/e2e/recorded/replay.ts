import type { RecordedScene } from './scene';

/** A request that was sent to FlexMeasures 0.12.1, with its response. */
export interface RecordedCase {
  name: string;
  request: {
    method: string;
    path: string;
    query: Record<string, string | number> | null;
    headers: Record<string, string>;
    json?: unknown;
    raw?: string;
  };
  response: RecordedAnswer;
}

export interface RecordedAnswer {
  status: number;
  headers: Record<string, string>;
  json?: unknown;
  text?: string;
}

const RECORDED_AT_MS = Date.parse('2026-11-22T19:39:00Z');
const WEEK_MS = 7 * 24 * 3_600_000;
const SHIFT_MS = Math.floor((Date.now() - RECORDED_AT_MS) / WEEK_MS) * WEEK_MS;

/**
 * Moves the moments of a text by whole weeks, so that what lay in the past or the future of the recording still does;
 * only those of its month and the next matter. Offsets stay.
 */
export function atNow(text: string): string {
  return text.replace(
    /(2026-1[12]-\d\dT\d\d:\d\d:\d\d)(Z|[+ -]\d\d:?\d\d)/g,
    (_moment, local: string, offset: string) =>
      new Date(Date.parse(`${local}Z`) + SHIFT_MS).toISOString().slice(0, 19) + offset,
  );
}

/** The recordings shorten long lists: "... 192 in all". */
const CUT = /^\.\.\. (\d+) in all$/;

/** Replays recorded requests with the ids, tokens and times of this run. */
export class Replay {
  private readonly schedules = new Map<string, string>();

  constructor(private readonly scene: RecordedScene) {}

  async send({ method, path, query, headers, json, raw }: RecordedCase['request']): Promise<RecordedAnswer> {
    const url = new URL(this.scene.api.url + this.withSchedules(path));
    for (const [name, value] of Object.entries(query ?? {})) {
      const id = name === 'source' ? (this.scene.sourceIds.get(Number(value)) ?? value) : value;
      url.searchParams.set(name, this.withToken(atNow(String(id))));
    }
    const text = raw ?? (json === null || json === undefined ? undefined : this.bodyOf(json));
    const sent = new Headers(headers);
    for (const [name, value] of Object.entries(headers)) sent.set(name, this.withToken(value));
    if (text !== undefined && !sent.has('Content-Type')) sent.set('Content-Type', 'application/json');
    const request = new Request(url, { method, headers: sent, body: text, redirect: 'manual' });
    const answer = await this.scene.api.fetch(request);
    const content = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      ...(isJson && content !== '' ? { json: JSON.parse(content) as unknown } : { text: content }),
    };
  }

  /** As `send`, but waits for the job if a schedule is not computed yet. */
  async sendWhenDone(request: RecordedCase['request']): Promise<RecordedAnswer> {
    for (let tries = 0; tries < 2400; tries++) {
      const answer = await this.send(request);
      if (!/waiting to be processed|in progress/.test(JSON.stringify(answer.json ?? ''))) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('The job does not end.');
  }

  /** Stores the UUID that the recording has for a schedule. */
  remember(recorded: unknown, answer: RecordedAnswer): void {
    const { schedule } = (answer.json ?? {}) as { schedule?: string };
    if (typeof recorded === 'string' && schedule !== undefined) this.schedules.set(recorded, schedule);
  }

  private withSchedules(path: string): string {
    return path.replace(/[^/]+$/, (last) => this.schedules.get(last) ?? last);
  }

  private withToken(value: string): string {
    return value.replace(/<TOKEN:(\w+)>/, (_token, user: string) => this.scene.tokens.get(user)!);
  }

  private bodyOf(json: unknown): string {
    const { roleIds } = this.scene;
    return atNow(
      JSON.stringify(json, (key, value: unknown) => {
        if (!Array.isArray(value)) return value;
        const items = value as unknown[];
        if (key === 'flexmeasures_roles') return items.map((id) => roleIds.get(id as number));
        const total = CUT.exec(String(items.at(-1)))?.[1];
        return total === undefined
          ? items
          : Array.from({ length: Number(total) }, (_, i) => items[i % (items.length - 1)]);
      }),
    );
  }

  /** The parts of a response to compare, without those that differ from run to run. */
  comparable({ status, headers, json, text }: RecordedAnswer, { isRecorded = false } = {}): unknown {
    const header = (name: string) => headers[name] ?? headers[name.toLowerCase()];
    const location = header('Location');
    return {
      status,
      deprecation: ['Deprecation', 'Sunset', 'Link'].map((name) => header(name)),
      location: location === undefined ? undefined : new URL(location, 'http://host').pathname,
      // What a redirect says beside its address is for nobody; of pages only that they are some counts.
      body:
        location === undefined
          ? json === undefined
            ? isPage(text)
            : this.comparableJson(json, isRecorded)
          : '',
    };
  }

  private comparableJson(json: unknown, isRecorded: boolean): unknown {
    const moved = JSON.parse(isRecorded ? atNow(JSON.stringify(json)) : JSON.stringify(json)) as unknown;
    const roleIds = isRecorded ? this.scene.roleIds : new Map<number, number>();
    const walk = (value: unknown, key: string): unknown => {
      if (/^(?:auth_token|schedule|last_login_at|last_seen_at)$/.test(key)) return `<${key}>`;
      if (key === 'flexmeasures_roles') return (value as number[]).map((id) => roleIds.get(id) ?? id);
      if (key === 'source' && typeof value === 'object') return (value as { name: string }).name;
      if (key === 'attributes' && typeof value === 'string') return JSON.parse(value) as unknown;
      if (isRecorded && typeof value === 'number' && EPOCH_FIELDS.test(key)) return value + SHIFT_MS;
      if (typeof value === 'number') return Number(value.toFixed(9)) + 0;
      if (typeof value === 'string') return withoutHost(value);
      if (Array.isArray(value)) return inOrder(value.map((item) => walk(item, '')));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
    };
    return walk(moved, '');
  }
}

const isPage = (text = ''): string => (text.trim().startsWith('<') ? 'a page' : text);

/** Shortens a comparable response in the same way as the recorded one. */
export function shortenedAs(recorded: unknown, answer: unknown): unknown {
  if (Array.isArray(recorded) && Array.isArray(answer)) {
    const shown = CUT.test(String(recorded.at(-1))) ? recorded.length - 1 : undefined;
    const items = answer.slice(0, shown).map((item, index) => shortenedAs(recorded[index], item));
    return shown === undefined ? items : [...items, `... ${answer.length} in all`];
  }
  if (!isObject(recorded) || !isObject(answer)) return answer;
  if ('chart specification' in recorded) {
    return { 'chart specification': 'left out', keys: Object.keys(answer).sort() };
  }
  return Object.fromEntries(
    Object.entries(answer)
      .filter(([name]) => name in recorded || !isAddition(answer, name))
      .map(([name, value]) => [name, shortenedAs(recorded[name], value)]),
  );
}

/** Fields of assets that later versions of FlexMeasures added, and that its newer clients need. */
const LATER_FIELDS_OF_ASSETS = [
  'child_assets',
  'description',
  'external_id',
  'flex_context',
  'flex_model',
  'generic_asset_type',
  'owner',
  'parent_asset_id',
  'sensors',
  'sensors_to_show',
  'sensors_to_show_as_kpis',
];

/** Fields that later versions of FlexMeasures added to answers about schedules. */
const LATER_FIELDS_OF_SCHEDULES = ['job', 'job-url', 'results-url', 'scheduler_info'];

/** The same, and the ids of sensors. */
const isAddition = (answer: Record<string, unknown>, name: string): boolean =>
  ('message' in answer && LATER_FIELDS_OF_SCHEDULES.includes(name)) ||
  ('generic_asset_type_id' in answer && LATER_FIELDS_OF_ASSETS.includes(name)) ||
  (name === 'id' && 'entity_address' in answer);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Beliefs of the same time have no order. */
function inOrder(items: unknown[]): unknown[] {
  const isBelief = (item: unknown) => isObject(item) && 'event_start' in item;
  const keyOf = (item: unknown) => {
    const { event_start: event, belief_time: time, source } = item as Record<string, unknown>;
    return JSON.stringify([event, time, source]);
  };
  return items.every(isBelief) ? items.sort((one, other) => keyOf(one).localeCompare(keyOf(other))) : items;
}

const EPOCH_FIELDS = /^(?:event_start|belief_time)$/;

/** Entity addresses name a month and a host, and so do sentences on them. */
const withoutHost = (text: string): string => text.replace(/ea1\.[^:\s]*:fm1/g, 'ea1.host:fm1');
