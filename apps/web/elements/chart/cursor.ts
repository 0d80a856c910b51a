import { html, render } from 'lit';
import type { ChartAnnotation } from './model/columns';
import type { DrawnSeries } from './model/series';
import type { PanelCharts } from './panel-charts';
import { annotationsAt, readoutOf } from './readout';

/** How near a moment must be to an instant, in pixels. */
const NEAR_PX = 12;

/** A moment in a panel, and where it is. */
export interface Point {
  panel: number;
  timeMs: number;
  x: number;
  y: number;
}

/** What the cursor shows. */
export interface CursorContent {
  zone: string;
  fromMs: number;
  toMs: number;
  /** The visible series of each panel. */
  series: readonly DrawnSeries[][];
  annotations: readonly ChartAnnotation[];
}

/** The line at a moment in all panels, and the values of one panel at that moment. */
export class Cursor {
  /** Undefined: no moment is pointed at. */
  timeMs: number | undefined;

  constructor(
    private readonly element: HTMLElement,
    private readonly charts: PanelCharts,
    private readonly content: () => CursorContent,
  ) {}

  /** @param point undefined: nothing is pointed at */
  show(point: Point | undefined): void {
    this.timeMs = point?.timeMs;
    const plots = [...this.element.querySelectorAll<HTMLElement>('.chart-plot')];
    const readouts = [...this.element.querySelectorAll<HTMLElement>('.chart-readout')];
    const lines = [...this.element.querySelectorAll<HTMLElement>('.chart-crosshair')];
    for (const [i, line] of lines.entries()) {
      line.hidden = point === undefined;
      readouts[i]!.hidden = point?.panel !== i;
      if (point) line.style.left = `${point.x}px`;
    }
    if (!point) return;
    const [readout, plot] = [readouts[point.panel]!, plots[point.panel]!];
    const { zone, fromMs, toMs, series, annotations } = this.content();
    const tolerance = (NEAR_PX / this.charts.plotWidth) * (toMs - fromMs);
    const notes = annotationsAt(annotations, point.timeMs);
    render(
      html`${readoutOf(series[point.panel] ?? [], point.timeMs, tolerance, zone)}
      ${notes.map((note) => html`<div class="quiet">${note}</div>`)}`,
      readout,
    );
    const isLeft = point.x > plot.clientWidth / 2;
    readout.style.left = isLeft ? '' : `${point.x + 12}px`;
    readout.style.right = isLeft ? `${plot.clientWidth - point.x + 12}px` : '';
  }

  /** Moves to the value before or after. */
  move(panel: number, direction: number): void {
    const { fromMs, toMs, series } = this.content();
    const lengths = (series[panel] ?? []).map(({ lengthMs }) => lengthMs).filter((length) => length > 0);
    const step = Math.max(Math.min(...lengths, (toMs - fromMs) / 50), (toMs - fromMs) / 500);
    const timeMs = Math.min(Math.max((this.timeMs ?? (fromMs + toMs) / 2) + direction * step, fromMs), toMs);
    const x = this.charts.positionOf(timeMs);
    if (x !== undefined) this.show({ panel, timeMs, x, y: 0 });
  }
}
