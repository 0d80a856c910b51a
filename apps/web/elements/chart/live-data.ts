import type { LiveEvent } from '../live/live-event';

/** Changes that come within this time are loaded together. */
const TOGETHER_MS = 150;
/** When a load that failed is tried again. */
const RETRY_MS = 3_000;

/** What live data needs from the element that it is in. Times are epoch milliseconds. */
export interface LiveHost {
  /** The sensors that are shown. */
  sensorIds: () => readonly number[];
  /** The part that is loaded. */
  loaded: () => { fromMs: number; toMs: number };
  /** @returns false if it failed */
  reloadSensors: (ids: readonly number[]) => Promise<boolean>;
  reloadAnnotations: () => Promise<void>;
  reloadAll: () => Promise<void>;
}

interface Extent {
  first_event_start: string;
  last_event_start: string;
}

/** Loads again what live events say has changed, and nothing else. */
export class LiveData {
  private readonly changed = new Set<number>();
  private areAnnotationsChanged = false;
  private isAllChanged = false;
  private timer = 0;
  private isLoading = false;
  private readonly onEvent = (event: Event) => this.note((event as CustomEvent<LiveEvent>).detail);

  constructor(private readonly host: LiveHost) {}

  connect(): void {
    document.addEventListener('live-event', this.onEvent);
  }

  disconnect(): void {
    document.removeEventListener('live-event', this.onEvent);
    clearTimeout(this.timer);
    this.timer = 0;
    this.changed.clear();
    this.isAllChanged = this.areAnnotationsChanged = false;
  }

  private note({ name, data }: LiveEvent): void {
    if (name === 'reset') this.isAllChanged = true;
    else if (name.startsWith('annotation.')) this.areAnnotationsChanged = true;
    else if (name === 'beliefs.saved' && this.isShown(data)) this.changed.add(data['sensor'] as number);
    else if (name === 'beliefs.deleted')
      for (const id of (data['sensors'] as number[] | undefined) ?? this.host.sensorIds())
        this.changed.add(id);
    else return;
    if (this.timer === 0) this.timer = window.setTimeout(() => void this.load(), TOGETHER_MS);
  }

  /** Whether saved values are of sensors and times that are shown. */
  private isShown(data: LiveEvent['data']): boolean {
    if (!this.host.sensorIds().includes(data['sensor'] as number)) return false;
    const { fromMs, toMs } = this.host.loaded();
    return [data['measurements'], data['forecasts']].some((extent) => {
      if (extent === undefined) return false;
      const { first_event_start: first, last_event_start: last } = extent as Extent;
      return Date.parse(first) < toMs && Date.parse(last) >= fromMs;
    });
  }

  private async load(): Promise<void> {
    this.timer = 0;
    // What changes during a load is loaded after it.
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      while (this.isAnyChanged && this.timer === 0) await this.loadOnce();
    } finally {
      this.isLoading = false;
    }
  }

  private get isAnyChanged(): boolean {
    return this.changed.size > 0 || this.isAllChanged || this.areAnnotationsChanged;
  }

  private async loadOnce(): Promise<void> {
    const { isAllChanged, areAnnotationsChanged } = this;
    const shown = new Set(this.host.sensorIds());
    const ids = [...this.changed].filter((id) => shown.has(id));
    this.changed.clear();
    this.isAllChanged = this.areAnnotationsChanged = false;
    if (areAnnotationsChanged || isAllChanged) await this.host.reloadAnnotations();
    if (isAllChanged) return this.host.reloadAll();
    if (ids.length === 0 || (await this.host.reloadSensors(ids))) return;
    for (const id of ids) this.changed.add(id);
    this.timer = window.setTimeout(() => void this.load(), RETRY_MS);
  }
}
