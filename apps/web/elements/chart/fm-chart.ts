import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { Cursor, type CursorContent } from './cursor';
import type { View } from './drawing';
import {
  fetchAnnotations,
  fetchColumns,
  fetchHistory,
  fetchSensor,
  FetchProblem,
  type Access,
} from './fetching';
import { keepPeriod, keptPeriod } from './kept-period';
import { LiveData } from './live-data';
import type { ChartAnnotation, ChartColumns, Panel } from './model/columns';
import { toCsv } from './model/csv';
import { replaceSensor } from './model/history';
import { pageNow } from '../parts/now';
import { periodWindow, presetPeriod, readPeriod, type Period } from './model/period';
import { compareSeries, drawSeries, type DrawnSeries, type SeriesColours } from './model/series';
import { shownTime } from './model/zone';
import { noteOf, zoneSwitch, type State } from './notes';
import { PanelCharts } from './panel-charts';
import { headingOf, panelOf } from './panel-view';
import { tableOf } from './readout';
import { Replay } from './replay';
import { replayBar } from './replay-bar';
import { savePicture, saveText } from './saving';
import { toolbarOf } from './toolbar';

/** How long after zooming the data is refined. */
const REFINE_AFTER_MS = 250;
const REFRESH_MS = 60_000;

/** A part of the period, epoch milliseconds. */
interface Part {
  fromMs: number;
  toMs: number;
}

/**
 * Panels with a common time axis. Attributes: `data-url` and `annotations-url` of the API, `panels` (JSON, see Panel), `zone`
 * of the times, `first` and `last` day, `name` for files; with `keeps-period`, the session and the address of the page keep the
 * period that a person chooses.
 */
export class FmChart extends LitElement {
  static override properties = {
    dataUrl: { attribute: 'data-url' },
    annotationsUrl: { attribute: 'annotations-url' },
    panels: { type: Array },
    zone: {},
    first: {},
    last: {},
    name: {},
    state: { reflect: true, attribute: 'data-state' },
    problem: { state: true },
    hiddenKeys: { state: true },
    period: { state: true },
    series: { state: true },
    tables: { state: true },
    access: { attribute: false },
    keepsPeriod: { type: Boolean, attribute: 'keeps-period' },
    areAnnotationsMissing: { state: true },
  };

  declare dataUrl: string;
  declare annotationsUrl: string | undefined;
  declare panels: Panel[];
  declare zone: string;
  declare first: string;
  declare last: string;
  declare name: string;
  declare state: State;
  declare problem: string;
  declare hiddenKeys: ReadonlySet<string>;
  declare period: Period;
  declare series: DrawnSeries[][];
  declare tables: ReadonlySet<number>;
  /** Of the user, on pages of other servers. */
  declare access: Access;
  declare keepsPeriod: boolean;
  declare areAnnotationsMissing: boolean;

  private readonly charts = new PanelCharts({
    onZoom: (fromMs, toMs) => this.onZoom(fromMs, toMs),
    onPoint: (point) => this.cursor.show(point),
  });
  private readonly cursor = new Cursor(this, this.charts, () => this.cursorContent());
  private readonly live = new LiveData({
    sensorIds: () => this.panels.flatMap(({ sensors }) => sensors.map(({ id }) => id)),
    loaded: () => this.wanted,
    reloadSensors: (ids) => this.reloadSensors(ids),
    reloadAnnotations: () => this.reloadAnnotations(),
    reloadAll: () => this.load(this.wanted),
  });
  private readonly replay = new Replay({
    read: (startMs, endMs, signal) => fetchHistory(this.dataUrl, startMs, endMs, { ...this.access, signal }),
    changed: () => this.showData(),
  });
  private readonly colours: SeriesColours = new Map();
  /** What is known now. */
  private columns: ChartColumns = { sources: [], series: [] };
  private annotations: ChartAnnotation[] = [];
  /** Whether values are means of buckets. */
  private isCoarse = false;
  /** The part of the period that is shown, and the one that is loaded. */
  private shown: Part = { fromMs: 0, toMs: 0 };
  private loaded: Part = { fromMs: 0, toMs: 0 };
  /** What is loaded, or being loaded. */
  private wanted: Part = { fromMs: 0, toMs: 0 };
  private pending: Promise<void> = Promise.resolve();
  private loading = new AbortController();
  private loadingAnnotations = new AbortController();
  private refining = 0;
  private refreshing = 0;
  private ownZone = '';
  private readonly redraw = () => this.draw();
  private readonly toolbarActions = {
    choose: (period: Period) => void this.showPeriod(period, true),
    zoomBy: (factor: number) => this.zoomBy(factor),
    replay: () => this.toggleReplay(),
    saveCsv: () => this.saveCsv(),
    savePng: () => this.savePng(),
  };

  constructor() {
    super();
    Object.assign(this, {
      panels: [],
      zone: 'UTC',
      name: 'chart',
      state: 'loading',
      problem: '',
      series: [],
      ...{ access: {}, keepsPeriod: false, areAnnotationsMissing: false },
    });
    this.hiddenKeys = new Set();
    this.tables = new Set();
  }

  /** The styles of the page apply. What was inside, for browsers without scripts, goes. */
  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('colour-mode', this.redraw);
    this.live.connect();
    this.refreshing = window.setInterval(() => this.refresh(), REFRESH_MS);
    if (this.hasUpdated) {
      // The element was moved to another place of the page.
      this.begin();
      return;
    }
    this.ownZone = this.zone;
    this.period = this.firstPeriod();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('colour-mode', this.redraw);
    clearInterval(this.refreshing);
    clearTimeout(this.refining);
    this.live.disconnect();
    this.replay.close();
    this.loading.abort();
    this.loadingAnnotations.abort();
    this.charts.dispose();
  }

  protected override firstUpdated(): void {
    this.begin();
  }

  private begin(): void {
    this.charts.attach([...this.querySelectorAll<HTMLElement>('.chart-plot')]);
    void this.showPeriod(this.period);
  }

  protected override updated(changed: PropertyValues): void {
    if (['series', 'hiddenKeys', 'zone'].some((name) => changed.has(name))) this.draw();
  }

  /** The period that is kept, or that of the page. */
  private firstPeriod(): Period {
    const kept = this.keepsPeriod ? keptPeriod() : undefined;
    // The address tells it to other parts of the page.
    if (kept) keepPeriod(kept);
    return kept ?? readPeriod(this.first, this.last) ?? presetPeriod('around', pageNow(), this.zone);
  }

  /** Start and end of the period; its days are those of the page's zone, also while times are shown in another one. */
  private get wholePeriod(): ReturnType<typeof periodWindow> {
    return periodWindow(this.period, this.ownZone);
  }

  /** Shows a whole period. One that the person chose is kept. */
  private async showPeriod(period: Period, isChosen = false): Promise<void> {
    this.period = period;
    if (isChosen && this.keepsPeriod) keepPeriod(period);
    const { startMs, endMs } = this.wholePeriod;
    this.shown = { fromMs: startMs, toMs: endMs };
    this.state = 'loading';
    await Promise.all([this.load(this.shown, true), this.reloadAnnotations()]);
    // Another one may have been chosen meanwhile.
    if (this.period !== period || !this.isConnected) return;
    if (this.replay.state !== 'off') await this.replay.open(startMs, endMs);
  }

  /** Moves the now-line; a page that is not live loads new data as well. */
  private refresh(): void {
    const now = pageNow();
    if (document.hidden || now < this.loaded.fromMs || now > this.loaded.toMs) return;
    if (document.querySelector('fm-live[data-state="live"]')) this.draw();
    else void this.load(this.loaded);
  }

  /** Loads the values of some sensors again. @returns whether they are shown now, or are with a load that has begun since */
  private async reloadSensors(ids: readonly number[]): Promise<boolean> {
    // What is being loaded may have been read before the change.
    await this.pending;
    const { signal } = this.loading;
    const { fromMs, toMs } = this.wanted;
    const loads = ids.map((id) =>
      fetchSensor(this.dataUrl, id, fromMs, toMs, this.buckets, { ...this.access, signal }),
    );
    const fresh = await Promise.all(loads).catch(() => undefined);
    if (signal.aborted) return true;
    if (!fresh) return false;
    fresh.forEach((columns, i) => (this.columns = replaceSensor(this.columns, ids[i]!, columns)));
    this.showData();
    if (this.state === 'empty' && this.series.flat().length > 0) this.state = 'ready';
    return true;
  }

  /** Loads the annotations of the period. They do not depend on the part that is shown, so that zooming does not stop it. */
  private async reloadAnnotations(): Promise<void> {
    if (this.annotationsUrl === undefined) return;
    this.loadingAnnotations.abort();
    this.loadingAnnotations = new AbortController();
    const { signal } = this.loadingAnnotations;
    const { startMs, endMs } = this.wholePeriod;
    const hadAny = this.annotations.length > 0;
    try {
      const annotations = await fetchAnnotations(this.annotationsUrl, startMs, endMs, {
        ...this.access,
        signal,
      });
      if (signal.aborted) return;
      this.annotations = annotations;
      this.areAnnotationsMissing = false;
    } catch {
      // Those of another period are not wrong: they are outside the one that is shown.
      if (!signal.aborted) this.areAnnotationsMissing = true;
      return;
    }
    // Data that is being loaded is drawn with them.
    if (this.state !== 'loading' && (hadAny || this.annotations.length > 0)) this.draw();
  }

  private toggleReplay(): void {
    const { startMs, endMs } = this.wholePeriod;
    if (this.replay.state === 'off') void this.replay.open(startMs, endMs);
    else this.replay.close();
  }

  /** Shows what is known now or, during a replay, what was known at its moment. */
  private showData(): void {
    const { shown, momentMs, otherMs } = this.replay;
    if (!shown) this.series = drawSeries(this.panels, this.columns, this.colours);
    else if (!shown.other) this.series = drawSeries(this.panels, shown.then, this.colours);
    else
      this.series = compareSeries(
        drawSeries(this.panels, shown.then, this.colours),
        drawSeries(this.panels, shown.other, this.colours),
        `known ${shownTime(momentMs, this.zone)}`,
        otherMs === undefined ? 'known now' : `known ${shownTime(otherMs, this.zone)}`,
      );
    this.requestUpdate();
  }

  /** Number of buckets: about one for each pixel. */
  private get buckets(): number {
    return Math.min(Math.max(Math.round(this.charts.plotWidth), 200), 2000);
  }

  private load(window: Part, isNew = false): Promise<void> {
    if (!this.isConnected) return Promise.resolve();
    this.loading.abort();
    this.loading = new AbortController();
    this.wanted = { ...window };
    return (this.pending = this.loadWindow(window, isNew, this.loading.signal));
  }

  private async loadWindow({ fromMs, toMs }: Part, isNew: boolean, signal: AbortSignal): Promise<void> {
    try {
      const columns = await fetchColumns(this.dataUrl, fromMs, toMs, this.buckets, {
        ...this.access,
        signal,
      });
      if (signal.aborted) return;
      this.isCoarse = columns.series.some(({ bucket }) => bucket !== null);
      this.loaded = { fromMs, toMs };
      this.columns = columns;
      this.showData();
      const hasValues = this.series.flat().some(({ values }) => values.some((value) => value !== null));
      this.state = hasValues || !isNew ? 'ready' : 'empty';
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof FetchProblem ? error.message : 'The data cannot be shown.';
      this.state = 'failed';
    }
  }

  private draw(): void {
    const styles = getComputedStyle(this);
    const colour = (name: string): string => styles.getPropertyValue(`--fm-${name}`).trim();
    this.charts.draw(this.panels, this.visible, this.view(), colour);
  }

  private get visible(): DrawnSeries[][] {
    return this.series.map((series) => series.filter(({ key }) => !this.hiddenKeys.has(key)));
  }

  private cursorContent(): CursorContent {
    return { zone: this.zone, ...this.shown, series: this.visible, annotations: this.annotations };
  }

  private view(): View {
    const { zone, replay } = this;
    const nowMs = replay.shown ? replay.momentMs : pageNow();
    // Annotations without a time of recording were always known.
    const annotations = this.annotations.filter(({ belief_time: time }) => (time ?? -Infinity) <= nowMs);
    const nowText = replay.shown ? 'then' : 'now';
    return { zone, annotations, ...this.wholePeriod, ...this.shown, nowMs, nowText };
  }

  private onZoom(fromMs: number, toMs: number): void {
    this.shown = { fromMs, toMs };
    this.cursor.show(undefined);
    clearTimeout(this.refining);
    this.refining = window.setTimeout(() => this.refine(), REFINE_AFTER_MS);
  }

  /** Loads the shown part anew if it is coarse, or not loaded. */
  private refine(): void {
    const { fromMs, toMs } = this.shown;
    const span = toMs - fromMs;
    const isOutside = fromMs < this.loaded.fromMs || toMs > this.loaded.toMs;
    const isFiner = span < (this.loaded.toMs - this.loaded.fromMs) / 2;
    if (this.tables.size > 0) this.requestUpdate();
    if (this.replay.state === 'on' || (!isOutside && !(this.isCoarse && isFiner))) return;
    const { startMs, endMs } = this.wholePeriod;
    void this.load({ fromMs: Math.max(startMs, fromMs - span / 4), toMs: Math.min(endMs, toMs + span / 4) });
  }

  private onKey(panel: number, event: KeyboardEvent): void {
    const { fromMs, toMs } = this.shown;
    const span = toMs - fromMs;
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (direction !== 0 && event.shiftKey)
      this.charts.zoomTo(fromMs + (direction * span) / 4, toMs + (direction * span) / 4);
    else if (direction !== 0) this.cursor.move(panel, direction);
    else if (event.key === '+') this.zoomBy(0.5);
    else if (event.key === '-') this.zoomBy(2);
    else if (event.key === 'Escape') this.cursor.show(undefined);
    else return;
    event.preventDefault();
  }

  private zoomBy(factor: number): void {
    const { fromMs, toMs } = this.shown;
    const [middle, half] = [this.cursor.timeMs ?? (fromMs + toMs) / 2, ((toMs - fromMs) * factor) / 2];
    this.charts.zoomTo(middle - half, middle + half);
  }

  private fileName(ending: string): string {
    return `${this.name} ${this.period.first} ${this.period.last}.${ending}`;
  }

  private saveCsv(): void {
    const { fromMs, toMs } = this.shown;
    saveText(toCsv(this.series, fromMs, toMs, this.zone), 'text/csv', this.fileName('csv'));
  }

  private savePng(): void {
    const styles = getComputedStyle(this);
    const [background, text] = [styles.getPropertyValue('--fm-surface'), styles.color];
    const titled = this.charts.all.map((chart, i) => ({ chart, title: headingOf(this.panels[i]!) }));
    savePicture(titled, { background, text }, this.fileName('png'));
  }

  protected override render(): TemplateResult {
    return html`${toolbarOf(this.period, this.ownZone, this.replay.state !== 'off', this.toolbarActions)}
      ${replayBar(this.replay, this.zone)}
      <div class="chart-note" role="status">${this.note()}</div>
      ${this.panels.map((panel, i) => this.panelTemplate(panel, i))}
      <p class="quiet mb-0">
        Times in ${this.zone}.${zoneSwitch(this.zone, this.ownZone, (zone) => (this.zone = zone))} Drag to
        move, Ctrl and the wheel or + and − to zoom, arrow keys for single values. Lines: measured solid,
        forecast dotted, schedule
        dashed${this.replay.isCompared ? '; known at the earlier moment dash-dotted' : ''}.
      </p>`;
  }

  private note(): ReturnType<typeof noteOf> {
    const latest = readPeriod(this.first, this.last);
    const isCoarse = this.isCoarse && this.replay.state !== 'on';
    const isIncomplete = this.areAnnotationsMissing;
    return noteOf(
      this.state,
      this.problem,
      { isCoarse, isIncomplete },
      {
        retry: () => void this.showPeriod(this.period),
        showLatest: latest && (() => void this.showPeriod(latest, true)),
      },
    );
  }

  private panelTemplate(panel: Panel, i: number): TemplateResult {
    const { hiddenKeys, zone } = this;
    const { fromMs, toMs } = this.shown;
    const series = this.series[i] ?? [];
    const isTable = this.tables.has(i);
    const actions = {
      toggle: (key: string) => (this.hiddenKeys = toggled(hiddenKeys, key)),
      toggleTable: () => (this.tables = toggled(this.tables, i)),
      onKey: (event: KeyboardEvent) => this.onKey(i, event),
    };
    const table = isTable ? tableOf(panel, series, fromMs, toMs, zone) : nothing;
    const isLoaded = this.state === 'ready';
    return panelOf(panel, { series, hiddenKeys, isTable, isLoaded, zone }, actions, table);
  }
}

/** The set with one element more or less. */
function toggled<T>(set: ReadonlySet<T>, element: T): ReadonlySet<T> {
  const others = new Set(set);
  if (!others.delete(element)) others.add(element);
  return others;
}
