import { BarChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { shownNumber } from '../chart/model/text';
import { tickLabel, zoneOffset } from '../chart/model/zone';
import { unknownSpans, type Balance, type DrawnFlow } from './model';

echarts.use([BarChart, CanvasRenderer, GridComponent, MarkAreaComponent, MarkLineComponent]);

export type EChart = echarts.ECharts;

export const LEFT = 60;
export const RIGHT = 14;

/** How opaque planned flows are. */
const PLANNED = 0.55;

export const createChart = (element: HTMLElement): EChart =>
  echarts.init(element, undefined, { renderer: 'canvas' });

/** The options of the picture for ECharts. @param colour value of a CSS variable, without `--fm-` */
export function balanceOptions(
  balance: Balance,
  shown: readonly DrawnFlow[],
  colour: (name: string) => string,
): echarts.EChartsCoreOption {
  // The axis of ECharts knows only UTC, so times are shifted by the offset of the zone.
  const shift = zoneOffset(balance.startMs, balance.zone);
  const startMs = balance.startMs + shift;
  const endMs = startMs + balance.steps * balance.stepMs;
  const text = { color: colour('quiet'), fontSize: 12, fontFamily: 'system-ui, sans-serif' };
  const line = { lineStyle: { color: colour('line') } };
  const grid = { show: true, lineStyle: { color: colour('grid') } };
  return {
    ...{ animation: false, useUTC: true, grid: { left: LEFT, right: RIGHT, top: 24, bottom: 26 } },
    xAxis: {
      ...{ type: 'time', min: startMs, max: endMs, splitNumber: 8, splitLine: grid },
      ...{ axisLine: { ...line, onZero: false }, axisTick: line },
      axisLabel: {
        ...text,
        hideOverlap: true,
        formatter: (x: number) => tickLabel(x, shift, balance.zone),
      },
    },
    yAxis: {
      ...{ type: 'value', name: 'kW', nameTextStyle: text, splitLine: grid },
      axisLabel: { ...text, formatter: shownNumber },
    },
    series: [ground(balance, shift, colour), ...shown.map((flow) => bars(balance, flow, shift, colour))],
  };
}

function bars(balance: Balance, { flow, sign }: DrawnFlow, shift: number, colour: (name: string) => string) {
  const { startMs, stepMs, nowMs, flows } = balance;
  return {
    ...{ type: 'bar', silent: true, stack: 'flows', barWidth: '100%', z: 3 },
    itemStyle: { color: colour(`flow-${flow}`) },
    data: flows[flow].map((power, step) => {
      const timeMs = startMs + step * stepMs;
      const value = [timeMs + stepMs / 2 + shift, power === null ? null : sign * power];
      return timeMs + stepMs <= nowMs ? value : { value, itemStyle: { opacity: PLANNED } };
    }),
  };
}

/** The ground: the future, what is not known, and the line of now. */
function ground(balance: Balance, shift: number, colour: (name: string) => string) {
  const { startMs, stepMs, nowMs, steps } = balance;
  const endMs = startMs + steps * stepMs;
  const area = (fromMs: number, untilMs: number, color: string, name?: string) => [
    {
      xAxis: fromMs + shift,
      itemStyle: { color },
      ...(name !== undefined && { name, label: { color: colour('quiet'), position: 'insideBottom' } }),
    },
    { xAxis: untilMs + shift },
  ];
  const future = nowMs < endMs ? [area(Math.max(nowMs, startMs), endMs, colour('future'))] : [];
  const unknown = unknownSpans(balance).map(({ from, until }) =>
    area(startMs + from * stepMs, startMs + until * stepMs, colour('unknown'), 'not known'),
  );
  const hasNow = nowMs >= startMs && nowMs < endMs;
  return {
    ...{ type: 'bar', silent: true, z: 0, data: [] as number[][] },
    markArea: { silent: true, data: [...future, ...unknown] },
    markLine: {
      ...{ silent: true, symbol: 'none', lineStyle: { color: colour('now'), type: 'solid', width: 1.5 } },
      label: { formatter: 'now', position: 'end', color: colour('now') },
      data: hasNow ? [{ xAxis: nowMs + shift }] : [],
    },
  };
}
