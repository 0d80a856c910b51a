import { html, LitElement, nothing, render, type PropertyValues, type TemplateResult } from 'lit';
import type { View } from './drawing';
import { fetchAnnotations, fetchColumns, FetchProblem } from './fetching';
import { keepPeriod, keptPeriod } from './kept-period';
import type { ChartAnnotation, Panel } from './model/columns';
import { toCsv } from './model/csv';
import { pageNow } from '../parts/now';
import { periodWindow, presetPeriod, readPeriod, type Period } from './model/period';
import { drawSeries, type DrawnSeries } from './model/series';
import { noteOf, zoneSwitch, type State } from './notes';
import { PanelCharts } from './panel-charts';
import { headingOf, panelOf } from './panel-view';
import { annotationsAt, readoutOf, tableOf } from './readout';
import { savePicture, saveText } from './saving';
import { toolbarOf } from './toolbar';

/** How long after zooming the data is refined. */
const REFINE_AFTER_MS = 250;
const REFRESH_MS = 60_000;
/** How near a moment must be to an instant, in pixels. */
const NEAR_PX = 12;

/**
 * Panels with a common time axis. Attributes: `data-url` and `annotations-url` of the API, `panels` (JSON, see Panel), `zone`
 * of the times, `first` and `last` day, `name` for files.
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

  private readonly charts = new PanelCharts({
    onZoom: (fromMs, toMs) => this.onZoom(fromMs, toMs),
    onPoint: (point) => this.showReadout(point),
  });
  private annotations: ChartAnnotation[] = [];
  /** Whether values are means of buckets. */
  private isCoarse = false;
  /** The part of the period that is shown, and the one that is loaded. */
  private shown = { fromMs: 0, toMs: 0 };
  private loaded = { fromMs: 0, toMs: 0 };
  private cursorMs: number | undefined;
  private loading = new AbortController();
  private refining = 0;
  private refreshing = 0;
  private ownZone = '';
  private readonly redraw = () => this.draw();
  private readonly toolbarActions = {
    choose: (period: Period) => void this.showPeriod(period, true),
    zoomBy: (factor: number) => this.zoomBy(factor),
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
    this.ownZone = this.zone;
    this.period = this.firstPeriod();
    document.addEventListener('colour-mode', this.redraw);
    this.refreshing = window.setInterval(() => {
      const now = pageNow();
      if (!document.hidden && this.loaded.fromMs < now && now < this.loaded.toMs) void this.load(this.loaded);
    }, REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('colour-mode', this.redraw);
    clearInterval(this.refreshing);
    this.loading.abort();
    this.charts.dispose();
  }

  protected override firstUpdated(): void {
    this.charts.attach([...this.querySelectorAll<HTMLElement>('.chart-plot')]);
    void this.showPeriod(this.period);
  }

  protected override updated(changed: PropertyValues): void {
    if (['series', 'hiddenKeys', 'zone'].some((name) => changed.has(name))) this.draw();
  }

  /** The period that is kept, or that of the page. */
  private firstPeriod(): Period {
    return keptPeriod() ?? readPeriod(this.first, this.last) ?? presetPeriod('around', pageNow(), this.zone);
  }

  /** Start and end of the period; its days are those of the page's zone, also while times are shown in another one. */
  private get wholePeriod(): ReturnType<typeof periodWindow> {
    return periodWindow(this.period, this.ownZone);
  }

  /** Shows a whole period. One that the person chose is kept. */
  private async showPeriod(period: Period, isChosen = false): Promise<void> {
    this.period = period;
    if (isChosen) keepPeriod(period);
    const { startMs, endMs } = this.wholePeriod;
    this.shown = { fromMs: startMs, toMs: endMs };
    this.state = 'loading';
    await this.load(this.shown, true);
  }

  private async load(window: { fromMs: number; toMs: number }, isNew = false): Promise<void> {
    this.loading.abort();
    const loading = (this.loading = new AbortController());
    const { fromMs, toMs } = window;
    const buckets = Math.min(Math.max(Math.round(this.charts.plotWidth), 200), 2000);
    try {
      const [columns, annotations] = await Promise.all([
        fetchColumns(this.dataUrl, fromMs, toMs, buckets, loading.signal),
        isNew && this.annotationsUrl !== undefined
          ? fetchAnnotations(this.annotationsUrl, fromMs, toMs, loading.signal)
          : this.annotations,
      ]);
      this.annotations = annotations;
      this.isCoarse = columns.series.some(({ bucket }) => bucket !== null);
      this.loaded = { ...window };
      this.series = drawSeries(this.panels, columns);
      const hasValues = this.series.flat().some(({ values }) => values.some((value) => value !== null));
      this.state = hasValues || !isNew ? 'ready' : 'empty';
    } catch (error) {
      if (loading.signal.aborted) return;
      this.problem = error instanceof FetchProblem ? error.message : 'The data cannot be shown.';
      this.state = 'failed';
    }
  }

  private draw(): void {
    const styles = getComputedStyle(this);
    const colour = (name: string): string => styles.getPropertyValue(`--fm-${name}`).trim();
    const visible = this.series.map((series) => series.filter(({ key }) => !this.hiddenKeys.has(key)));
    this.charts.draw(this.panels, visible, this.view(), colour);
  }

  private view(): View {
    const { zone, annotations } = this;
    return {
      zone,
      annotations,
      ...this.wholePeriod,
      ...this.shown,
      nowMs: pageNow(),
    };
  }

  private onZoom(fromMs: number, toMs: number): void {
    this.shown = { fromMs, toMs };
    this.showReadout(undefined);
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
    if (!isOutside && !(this.isCoarse && isFiner)) return;
    const { startMs, endMs } = this.wholePeriod;
    void this.load({ fromMs: Math.max(startMs, fromMs - span / 4), toMs: Math.min(endMs, toMs + span / 4) });
  }

  private showReadout(point: { panel: number; timeMs: number; x: number; y: number } | undefined): void {
    this.cursorMs = point?.timeMs;
    const plots = [...this.querySelectorAll<HTMLElement>('.chart-plot')];
    const readouts = [...this.querySelectorAll<HTMLElement>('.chart-readout')];
    const lines = [...this.querySelectorAll<HTMLElement>('.chart-crosshair')];
    for (const [i, line] of lines.entries()) {
      line.hidden = point === undefined;
      readouts[i]!.hidden = point?.panel !== i;
      if (point) line.style.left = `${point.x}px`;
    }
    if (!point) return;
    const [readout, plot] = [readouts[point.panel]!, plots[point.panel]!];
    const tolerance = (NEAR_PX / this.charts.plotWidth) * (this.shown.toMs - this.shown.fromMs);
    const visible = (this.series[point.panel] ?? []).filter(({ key }) => !this.hiddenKeys.has(key));
    const notes = annotationsAt(this.annotations, point.timeMs);
    render(
      html`${readoutOf(visible, point.timeMs, tolerance, this.zone)}
      ${notes.map((note) => html`<div class="quiet">${note}</div>`)}`,
      readout,
    );
    const isLeft = point.x > plot.clientWidth / 2;
    readout.style.left = isLeft ? '' : `${point.x + 12}px`;
    readout.style.right = isLeft ? `${plot.clientWidth - point.x + 12}px` : '';
  }

  private onKey(panel: number, event: KeyboardEvent): void {
    const { fromMs, toMs } = this.shown;
    const span = toMs - fromMs;
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (direction !== 0 && event.shiftKey)
      this.charts.zoomTo(fromMs + (direction * span) / 4, toMs + (direction * span) / 4);
    else if (direction !== 0) this.moveCursor(panel, direction);
    else if (event.key === '+') this.zoomBy(0.5);
    else if (event.key === '-') this.zoomBy(2);
    else if (event.key === 'Escape') this.showReadout(undefined);
    else return;
    event.preventDefault();
  }

  private moveCursor(panel: number, direction: number): void {
    const { fromMs, toMs } = this.shown;
    const lengths = (this.series[panel] ?? []).map(({ lengthMs }) => lengthMs).filter((length) => length > 0);
    const step = Math.max(Math.min(...lengths, (toMs - fromMs) / 50), (toMs - fromMs) / 500);
    const timeMs = Math.min(
      Math.max((this.cursorMs ?? (fromMs + toMs) / 2) + direction * step, fromMs),
      toMs,
    );
    const x = this.charts.positionOf(timeMs);
    if (x !== undefined) this.showReadout({ panel, timeMs, x, y: 0 });
  }

  private zoomBy(factor: number): void {
    const { fromMs, toMs } = this.shown;
    const [middle, half] = [this.cursorMs ?? (fromMs + toMs) / 2, ((toMs - fromMs) * factor) / 2];
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
    return html`${toolbarOf(this.period, this.ownZone, this.toolbarActions)}
      <div class="chart-note" role="status">${this.note()}</div>
      ${this.panels.map((panel, i) => this.panelTemplate(panel, i))}
      <p class="quiet mb-0">
        Times in ${this.zone}.${zoneSwitch(this.zone, this.ownZone, (zone) => (this.zone = zone))} Drag to
        move, Ctrl and the wheel or + and − to zoom, arrow keys for single values. Lines: measured solid,
        forecast dotted, schedule dashed.
      </p>`;
  }

  private note(): ReturnType<typeof noteOf> {
    const latest = readPeriod(this.first, this.last);
    return noteOf(this.state, this.problem, this.isCoarse, {
      retry: () => void this.showPeriod(this.period),
      showLatest: latest && (() => void this.showPeriod(latest, true)),
    });
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
    return panelOf(panel, { series, hiddenKeys, isTable }, actions, table);
  }
}

/** The set with one element more or less. */
function toggled<T>(set: ReadonlySet<T>, element: T): ReadonlySet<T> {
  const others = new Set(set);
  if (!others.delete(element)) others.add(element);
  return others;
}
