import { html, LitElement, nothing, render, type PropertyValues, type TemplateResult } from 'lit';
import type { View } from './drawing';
import { fetchAnnotations, fetchColumns, FetchProblem } from './fetching';
import type { ChartAnnotation, ChartColumns, Panel } from './model/columns';
import { toCsv } from './model/csv';
import {
  periodWindow,
  PRESETS,
  presetPeriod,
  readPeriod,
  shiftPeriod,
  type Period,
  type Preset,
} from './model/period';
import { drawSeries, kindsIn, type DrawnSeries } from './model/series';
import { PanelCharts } from './panel-charts';
import { annotationsAt, readoutOf, tableOf } from './readout';
import { savePicture, saveText } from './saving';

const STORED = 'chart-period';
/** How long after zooming the data is refined. */
const REFINE_AFTER_MS = 250;
const REFRESH_MS = 60_000;
/** How near a moment must be to an instant, in pixels. */
const NEAR_PX = 12;

type State = 'loading' | 'ready' | 'empty' | 'failed';

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
  private columns: ChartColumns | undefined;
  private annotations: ChartAnnotation[] = [];
  /** The part of the period that is shown, and the one that is loaded. */
  private shown = { fromMs: 0, toMs: 0 };
  private loaded = { fromMs: 0, toMs: 0 };
  private cursorMs: number | undefined;
  private loading = new AbortController();
  private refining = 0;
  private refreshing = 0;
  private ownZone = '';
  private readonly redraw = () => this.draw();

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
      const now = Date.now();
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

  /** The period of the address, of this session, or that of the page. */
  private firstPeriod(): Period {
    const query = new URLSearchParams(location.search);
    const stored = sessionStorage.getItem(STORED)?.split('/') ?? [];
    return (
      readPeriod(query.get('first'), query.get('last')) ??
      readPeriod(stored[0], stored[1]) ??
      readPeriod(this.first, this.last) ??
      presetPeriod('around', Date.now(), this.zone)
    );
  }

  /** Shows a whole period, and keeps it for the session and in the address. */
  private async showPeriod(period: Period, isChosen = false): Promise<void> {
    this.period = period;
    if (isChosen) {
      sessionStorage.setItem(STORED, `${period.first}/${period.last}`);
      const address = new URL(location.href);
      for (const [name, value] of Object.entries(period) as [string, string][])
        address.searchParams.set(name, value);
      history.replaceState(undefined, '', address);
    }
    const { startMs, endMs } = periodWindow(period, this.zone);
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
      Object.assign(this, { columns, annotations });
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
      ...periodWindow(this.period, this.ownZone),
      ...this.shown,
      nowMs: Date.now(),
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
    const isCoarse = this.columns?.series.some(({ bucket }) => bucket !== null) === true;
    const isOutside = fromMs < this.loaded.fromMs || toMs > this.loaded.toMs;
    const isFiner = span < (this.loaded.toMs - this.loaded.fromMs) / 2;
    if (this.tables.size > 0) this.requestUpdate();
    if (!isOutside && !(isCoarse && isFiner)) return;
    const { startMs, endMs } = periodWindow(this.period, this.ownZone);
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

  private toggle(key: string): void {
    const keys = new Set(this.hiddenKeys);
    if (!keys.delete(key)) keys.add(key);
    this.hiddenKeys = keys;
  }

  private toggleTable(panel: number): void {
    const tables = new Set(this.tables);
    if (!tables.delete(panel)) tables.add(panel);
    this.tables = tables;
  }

  protected override render(): TemplateResult {
    return html`${this.toolbar()}
      <div class="chart-note" role="status">${this.note()}</div>
      ${this.panels.map((panel, i) => this.panelTemplate(panel, i))}
      <p class="quiet mb-0">
        Times in ${this.zone}.${this.zoneSwitch()} Drag to move, Ctrl and the wheel or + and − to zoom, arrow
        keys for single values. Lines: measured solid, forecast dotted, schedule dashed.
      </p>`;
  }

  private zoneSwitch(): TemplateResult | typeof nothing {
    const viewers = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (viewers === this.ownZone) return nothing;
    const other = this.zone === this.ownZone ? viewers : this.ownZone;
    return html` <button
        type="button"
        class="btn btn-link btn-sm p-0 align-baseline"
        @click=${() => (this.zone = other)}
      >
        Show them in ${other}</button
      >.`;
  }

  private note(): TemplateResult | typeof nothing {
    if (this.state === 'loading') return html`<span class="quiet">Loading …</span>`;
    if (this.state === 'failed')
      return html`<span class="state state-failed"
          ><i class="fa fa-triangle-exclamation" aria-hidden="true"></i> ${this.problem}</span
        >
        <button
          type="button"
          class="btn btn-outline-secondary btn-sm"
          @click=${() => void this.showPeriod(this.period)}
        >
          Try again
        </button>`;
    if (this.state === 'empty')
      return html`There is no data in this period. Choose another
      one${
        readPeriod(this.first, this.last)
          ? html`, or
              <button
                type="button"
                class="btn btn-link p-0 align-baseline"
                @click=${() => void this.showPeriod({ first: this.first, last: this.last }, true)}
              >
                the period of the latest data
              </button>`
          : nothing
      }.`;
    return nothing;
  }

  private toolbar(): TemplateResult {
    const { first, last } = this.period;
    const presets = Object.entries(PRESETS) as [Preset, string][];
    const choose = (period: Period) => void this.showPeriod(period, true);
    const button = (label: string, content: unknown, onClick: () => void, isActive = false) =>
      html`<button
        type="button"
        class="btn btn-outline-secondary btn-sm ${isActive ? 'active' : ''}"
        aria-label=${label}
        title=${label}
        @click=${onClick}
      >
        ${content}
      </button>`;
    const date = (label: string, value: string, toPeriod: (date: string) => Period | undefined) =>
      html`<input
        type="date"
        class="form-control form-control-sm chart-date"
        aria-label=${label}
        .value=${value}
        required
        @change=${({ target }: Event) => {
          const period = toPeriod((target as HTMLInputElement).value);
          if (period) choose(period);
        }}
      />`;
    const later = (one: string, other: string): string => (one > other ? one : other);
    const earlier = (one: string, other: string): string => (one < other ? one : other);
    return html`<div class="chart-toolbar" role="group" aria-label="Period and files">
      ${button('Earlier', html`<i class="fa fa-chevron-left" aria-hidden="true"></i>`, () => choose(shiftPeriod(this.period, -1)))}
      ${presets.map(([preset, label]) => {
        const period = presetPeriod(preset, Date.now(), this.ownZone);
        return button(label, label, () => choose(period), period.first === first && period.last === last);
      })}
      ${button('Later', html`<i class="fa fa-chevron-right" aria-hidden="true"></i>`, () => choose(shiftPeriod(this.period, 1)))}
      ${date('First day', first, (value) => readPeriod(value, later(value, last)))}
      ${date('Last day', last, (value) => readPeriod(earlier(value, first), value))}
      <span class="chart-gap"></span>
      ${button('Zoom in', html`<i class="fa fa-magnifying-glass-plus" aria-hidden="true"></i>`, () => this.zoomBy(0.5))}
      ${button('Zoom out', html`<i class="fa fa-magnifying-glass-minus" aria-hidden="true"></i>`, () => this.zoomBy(2))}
      ${button('Save as CSV', 'CSV', () => this.saveCsv())}
      ${button('Save as PNG', 'PNG', () => this.savePng())}
    </div>`;
  }

  private panelTemplate(panel: Panel, i: number): TemplateResult {
    const series = this.series[i] ?? [];
    const isTable = this.tables.has(i);
    return html`<section class="chart-panel" aria-label=${headingOf(panel)}>
      <div class="chart-heading">
        <h2>${headingOf(panel)}</h2>
        <div class="chart-legend" role="group" aria-label="Legend">
          ${series.map(
            (one) =>
              html`<button
                type="button"
                class="chart-key"
                aria-pressed=${String(!this.hiddenKeys.has(one.key))}
                @click=${() => this.toggle(one.key)}
              >
                <span class="swatch swatch-${one.colour}"></span>${one.label}
                <span class="quiet">${kindsIn(one).join(', ')}</span>
              </button>`,
          )}
        </div>
        <button
          type="button"
          class="btn btn-outline-secondary btn-sm"
          aria-expanded=${String(isTable)}
          @click=${() => this.toggleTable(i)}
        >
          Table
        </button>
      </div>
      <div class="chart-holder">
        <div
          class="chart-plot"
          tabindex="0"
          role="group"
          aria-label="Chart of ${headingOf(panel)}"
          @keydown=${(event: KeyboardEvent) => this.onKey(i, event)}
        ></div>
        <div class="chart-crosshair" hidden></div>
        <div class="chart-readout" aria-live="polite" hidden></div>
      </div>
      ${isTable ? tableOf(panel, series, this.shown.fromMs, this.shown.toMs, this.zone) : nothing}
    </section>`;
  }
}

const headingOf = ({ title, unit }: Panel): string => (unit === '' ? title : `${title} (${unit})`);
