import { FOLLOWED, type LiveEvent } from './live-event';

/** Two heartbeats and a bit: without any of them, the connection is dead although it seems open. */
const SILENCE_MS = 40_000;
/** When a connection that the server refused is tried again. */
const RETRY_MS = 30_000;
/** A hidden page gives its connection back after this time: browsers have only a few for each server. */
const HIDDEN_MS = 5_000;

type State = 'connecting' | 'live' | 'lost' | 'paused';

const TEXTS: Record<State, string> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'not live, trying again',
  paused: 'paused',
};

/**
 * Says whether the page is live, and dispatches `live-event` on the document. Attributes: `sensors` and `assets` (ids, separated by
 * commas), and `after`: the id of the last event before the page was made, so that none is missed.
 */
export class FmLive extends HTMLElement {
  private source: EventSource | undefined;
  private lastId: string | null = null;
  private retrying = 0;
  private watching = 0;
  private hiding = 0;
  private readonly onVisibility = () => this.followVisibility();
  private readonly onLeave = () => this.disconnect('paused');
  private readonly onReturn = () => this.connect();

  connectedCallback(): void {
    this.lastId = this.getAttribute('after');
    this.setAttribute('role', 'status');
    document.addEventListener('visibilitychange', this.onVisibility);
    addEventListener('pagehide', this.onLeave);
    addEventListener('pageshow', this.onReturn);
    this.connect();
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    removeEventListener('pagehide', this.onLeave);
    removeEventListener('pageshow', this.onReturn);
    clearTimeout(this.hiding);
    this.disconnect('paused');
  }

  private connect(): void {
    if (this.source || document.hidden) return;
    clearTimeout(this.retrying);
    const source = (this.source = new EventSource(this.address()));
    for (const name of FOLLOWED)
      source.addEventListener(name, (message) => this.receive(name, message as MessageEvent<string>));
    source.addEventListener('heartbeat', (message) => this.beat(message as MessageEvent<string>));
    source.addEventListener('error', () => this.onError(source));
    this.show('connecting');
    this.watch();
  }

  private address(): string {
    const query = new URLSearchParams();
    for (const [name, attribute] of [
      ['sensor', 'sensors'],
      ['asset', 'assets'],
    ] as const) {
      const ids = this.getAttribute(attribute) ?? '';
      if (ids !== '') query.set(name, ids);
    }
    if (this.lastId !== null && this.lastId !== '') query.set('last_event_id', this.lastId);
    return `/api/v3_0/events?${query.toString()}`;
  }

  private receive(name: string, message: MessageEvent<string>): void {
    this.beat(message);
    const data = JSON.parse(message.data) as LiveEvent['data'];
    document.dispatchEvent(new CustomEvent<LiveEvent>('live-event', { detail: { name, data } }));
  }

  private beat({ lastEventId }: MessageEvent<string>): void {
    this.lastId = lastEventId;
    this.show('live');
    this.watch();
  }

  /** Connects anew after a long silence, also if the server has taken the connection and says nothing at all. */
  private watch(): void {
    clearTimeout(this.watching);
    this.watching = window.setTimeout(() => {
      this.disconnect('lost');
      this.connect();
    }, SILENCE_MS);
  }

  /** The browser connects again by itself, unless the server refused: too many streams, or the session has ended. */
  private onError(source: EventSource): void {
    if (source !== this.source) return;
    this.show('lost');
    if (source.readyState !== EventSource.CLOSED) return;
    this.disconnect('lost');
    this.retrying = window.setTimeout(() => this.connect(), RETRY_MS);
  }

  private followVisibility(): void {
    clearTimeout(this.hiding);
    if (document.hidden) this.hiding = window.setTimeout(() => this.disconnect('paused'), HIDDEN_MS);
    else this.connect();
  }

  private disconnect(state: State): void {
    clearTimeout(this.watching);
    clearTimeout(this.retrying);
    this.source?.close();
    this.source = undefined;
    this.show(state);
  }

  private show(state: State): void {
    if (this.dataset['state'] === state) return;
    this.dataset['state'] = state;
    this.textContent = TEXTS[state];
  }
}
