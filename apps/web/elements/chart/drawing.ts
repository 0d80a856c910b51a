import { CustomChart, LineChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartAnnotation, Panel } from './model/columns';
import { isOfInstants, kindsIn, linePoints, type DrawnSeries, type Kind } from './model/series';
import { shownNumber } from './model/text';
import { tickLabel, zoneOffset } from './model/zone';

echarts.use([
  CanvasRenderer,
  CustomChart,
  DataZoomInsideComponent,
  GridComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
]);

export type EChart = echarts.ECharts;

/** Pixels beside the plotted area; the same for all panels, so that their time axes are aligned. */
export const LEFT = 60;
export const RIGHT = 14;

/** The shortest part of a period that is shown. */
export const SMALLEST_SPAN_MS = 600_000;

/** What all panels have in common. Times are epoch milliseconds. */
export interface View {
  zone: string;
  /** The selected period. */
  startMs: number;
  endMs: number;
  /** The part of it that is shown. */
  fromMs: number;
  toMs: number;
  nowMs: number;
  /** What the line at this moment is called. */
  nowText: string;
  annotations: readonly ChartAnnotation[];
}

/** Time is told by the style of lines: measured solid, expected dashed, planned in longer dashes. */
const DASHES: Record<Kind, number[] | 'solid'> = {
  measurement: 'solid',
  forecast: [3, 3],
  schedule: [8, 3],
};

/** What was known at the earlier one of two compared moments. */
const THEN_DASHES = [9, 3, 2, 3];

/** The axis of ECharts knows only UTC, so times are shifted by the offset of the zone. */
export const shiftOf = ({ startMs, zone }: Pick<View, 'startMs' | 'zone'>): number =>
  zoneOffset(startMs, zone);

/** The options of a panel for ECharts. @param colour value of a CSS variable, without `--fm-` */
export function panelOptions(
  panel: Panel,
  series: readonly DrawnSeries[],
  view: View,
  colour: (name: string) => string,
): echarts.EChartsCoreOption {
  const shift = shiftOf(view);
  const text = { color: colour('quiet'), fontSize: 12, fontFamily: 'system-ui, sans-serif' };
  const line = { lineStyle: { color: colour('line') } };
  return {
    animation: false,
    useUTC: true,
    grid: { left: LEFT, right: RIGHT, top: 10, bottom: 26 },
    xAxis: {
      ...{ type: 'time', min: view.startMs + shift, max: view.endMs + shift, splitNumber: 8 },
      axisLabel: { ...text, hideOverlap: true, formatter: (x: number) => tickLabel(x, shift, view.zone) },
      ...{ axisLine: line, axisTick: line },
      splitLine: { show: true, lineStyle: { color: colour('grid') } },
    },
    yAxis: {
      ...{ type: 'value', scale: !panel.hasZero, splitNumber: 4 },
      axisLabel: { ...text, formatter: shownNumber },
      splitLine: { lineStyle: { color: colour('grid') } },
    },
    dataZoom: {
      ...{ type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
      ...{
        startValue: view.fromMs + shift,
        endValue: view.toMs + shift,
        minValueSpan: SMALLEST_SPAN_MS,
        throttle: 30,
      },
    },
    series: [
      backgroundSeries(view, shift, colour),
      ...series.flatMap((one) => drawnParts(one, shift, colour(`series-${one.colour}`))),
    ],
  };
}

/** The ground of the future, the now-line, and annotations. */
function backgroundSeries(view: View, shift: number, colour: (name: string) => string) {
  const { nowMs, nowText, startMs, endMs, annotations } = view;
  const areas = annotations.map(({ start, end }) => [
    { xAxis: Math.max(start, startMs) + shift, itemStyle: { color: colour('series-6'), opacity: 0.15 } },
    { xAxis: Math.min(end, endMs) + shift },
  ]);
  const future =
    nowMs < endMs
      ? [
          [
            { xAxis: Math.max(nowMs, startMs) + shift, itemStyle: { color: colour('future'), opacity: 0.7 } },
            { xAxis: endMs + shift },
          ],
        ]
      : [];
  const isNowShown = nowMs >= startMs && nowMs < endMs;
  return {
    ...{ type: 'line', silent: true, z: 0, symbol: 'none', data: [[startMs + shift, null]] },
    markArea: { silent: true, data: [...future, ...areas] },
    markLine: {
      ...{ silent: true, symbol: 'none' },
      label: {
        formatter: nowText,
        position: 'insideEndTop',
        rotate: 0,
        distance: [18, -10],
        color: colour('now'),
      },
      lineStyle: { color: colour('now'), type: 'solid', width: 1.5 },
      data: isNowShown ? [{ xAxis: nowMs + shift }] : [],
    },
  };
}

/** The line of each kind of values, and the interval between low and high ones. */
function drawnParts(series: DrawnSeries, shift: number, color: string) {
  const lines = kindsIn(series).map((kind) => ({
    ...{ type: 'line', silent: true, showSymbol: false, z: 3 },
    step: isOfInstants(series) ? undefined : 'end',
    lineStyle: {
      ...{ color, width: kind === 'measurement' ? 1.75 : 1.5 },
      type: series.moment?.isThen === true ? THEN_DASHES : DASHES[kind],
    },
    data: linePoints(series, kind).map(([time, value]) => [time + shift, value]),
  }));
  const { starts, lows, highs, lengthMs } = series;
  if (!lows || !highs) return lines;
  const rows = starts.flatMap((start, i) =>
    lows[i] == null || highs[i] == null ? [] : [[start + shift, start + shift + lengthMs, lows[i], highs[i]]],
  );
  return [
    {
      ...{ type: 'custom', silent: true, z: 2, clip: true },
      data: rows,
      encode: { x: [0, 1], y: [2, 3] },
      renderItem: rectangle(color),
    },
    ...lines,
  ];
}

interface ItemApi {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
}

/** Draws the interval of an event as a tinted rectangle. */
const rectangle =
  (fill: string) =>
  (_params: unknown, { value, coord }: ItemApi) => {
    const [left, bottom] = coord([value(0), value(2)]);
    const [right, top] = coord([value(1), value(3)]);
    return {
      type: 'rect',
      shape: { x: left, y: top, width: Math.max(right - left, 1), height: Math.max(bottom - top, 1) },
      style: { fill, opacity: 0.22 },
    };
  };

/** Creates the chart of a panel; charts of the same group zoom together. */
export function createChart(element: HTMLElement, group: string): EChart {
  const chart = echarts.init(element, undefined, { renderer: 'canvas' });
  chart.group = group;
  echarts.connect(group);
  return chart;
}

/** Ends what `createChart` began for a group. */
export const forgetGroup = (group: string): void => echarts.disconnect(group);
