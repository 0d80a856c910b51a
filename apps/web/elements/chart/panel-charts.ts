import {
  createChart,
  forgetGroup,
  LEFT,
  panelOptions,
  RIGHT,
  shiftOf,
  SMALLEST_SPAN_MS,
  type EChart,
  type View,
} from './drawing';
import type { Panel } from './model/columns';
import type { DrawnSeries } from './model/series';

/** What the charts tell the element that they are in. Times are epoch milliseconds. */
export interface ChartListener {
  /** Another part of the period is shown. */
  onZoom: (fromMs: number, toMs: number) => void;
  /** A moment of a panel is pointed at; undefined if none. */
  onPoint: (point: { panel: number; timeMs: number; x: number; y: number } | undefined) => void;
}

let groups = 0;

/** The charts of all panels: one ECharts instance for each, which zoom together. */
export class PanelCharts {
  private charts: EChart[] = [];
  private readonly group = `fm-chart-${groups++}`;
  private view: View | undefined;
  /** Aborted when the charts go. */
  private listening = new AbortController();
  private readonly resizing = new ResizeObserver(() => {
    for (const chart of this.charts) chart.resize();
  });

  constructor(private readonly listener: ChartListener) {}

  get all(): readonly EChart[] {
    return this.charts;
  }

  /** Creates a chart in each element. */
  attach(elements: readonly HTMLElement[]): void {
    this.dispose();
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.charts = elements.map((element, i) => {
      const chart = createChart(element, this.group);
      if (i === 0) chart.on('datazoom', () => this.readZoom(chart));
      element.addEventListener('pointermove', (event) => this.point(i, event), { signal });
      element.addEventListener('pointerleave', () => this.listener.onPoint(undefined), { signal });
      this.resizing.observe(element);
      return chart;
    });
  }

  /** Draws all panels. */
  draw(
    panels: readonly Panel[],
    series: readonly DrawnSeries[][],
    view: View,
    colour: (name: string) => string,
  ): void {
    this.view = view;
    panels.forEach((panel, i) =>
      this.charts[i]?.setOption(panelOptions(panel, series[i] ?? [], view, colour), { notMerge: true }),
    );
  }

  /** Shows a part of the period. */
  zoomTo(fromMs: number, toMs: number): void {
    if (!this.view) return;
    const { startMs, endMs } = this.view;
    const span = Math.min(Math.max(toMs - fromMs, SMALLEST_SPAN_MS), endMs - startMs);
    const from = Math.min(Math.max(fromMs, startMs), endMs - span);
    const shift = shiftOf(this.view);
    this.charts[0]?.dispatchAction({
      ...{ type: 'dataZoom', dataZoomIndex: 0 },
      startValue: from + shift,
      endValue: from + span + shift,
    });
  }

  /** Pixels from the left of a chart to a moment; undefined if it is not shown. */
  positionOf(timeMs: number): number | undefined {
    if (!this.view || !this.charts[0]) return undefined;
    const { fromMs, toMs } = this.view;
    const position = LEFT + ((timeMs - fromMs) / (toMs - fromMs)) * this.plotWidth;
    return timeMs < fromMs || timeMs > toMs ? undefined : position;
  }

  /** Width of the plotted area in pixels. */
  get plotWidth(): number {
    return Math.max(1, (this.charts[0]?.getWidth() ?? 0) - LEFT - RIGHT);
  }

  dispose(): void {
    this.resizing.disconnect();
    this.listening.abort();
    for (const chart of this.charts) chart.dispose();
    if (this.charts.length > 0) forgetGroup(this.group);
    this.charts = [];
  }

  private readZoom(chart: EChart): void {
    const { dataZoom } = chart.getOption() as { dataZoom?: { startValue: number; endValue: number }[] };
    const zoom = dataZoom?.[0];
    if (!zoom || !this.view) return;
    const shift = shiftOf(this.view);
    this.view = { ...this.view, fromMs: zoom.startValue - shift, toMs: zoom.endValue - shift };
    this.listener.onZoom(this.view.fromMs, this.view.toMs);
  }

  private point(panel: number, { offsetX: x, offsetY: y }: PointerEvent): void {
    if (!this.view) return;
    const { fromMs, toMs } = this.view;
    const part = (x - LEFT) / this.plotWidth;
    const timeMs = fromMs + part * (toMs - fromMs);
    this.listener.onPoint(part < 0 || part > 1 ? undefined : { panel, timeMs, x, y });
  }
}
