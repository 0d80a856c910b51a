import type { Config } from 'vega-lite';

/** Names of the chart themes. */
export const THEMES = ['default', 'dark'] as const;

export type ThemeName = (typeof THEMES)[number];

const LIGHT_TEXT = '#e6e6e6';
const DARK_GRID = '#4d4d4d';

const DARK: Config = {
  background: '#22272e',
  title: { color: LIGHT_TEXT, subtitleColor: LIGHT_TEXT },
  style: { 'guide-label': { fill: LIGHT_TEXT }, 'guide-title': { fill: LIGHT_TEXT } },
  axis: { domainColor: LIGHT_TEXT, gridColor: DARK_GRID, tickColor: LIGHT_TEXT },
  range: { category: { scheme: 'set2' } },
  text: { color: LIGHT_TEXT },
};

const FONT_SIZE = 14;

/** The Vega-Lite configuration of a theme. */
export function getThemeConfig(theme: ThemeName): Config {
  const { axis, title, ...rest }: Config = theme === 'dark' ? DARK : {};
  return {
    // The width includes axes and legends, also for several panels.
    autosize: { type: 'fit-x', contains: 'padding' },
    view: { stroke: null },
    ...rest,
    axis: { labelFontSize: FONT_SIZE - 2, titleFontSize: FONT_SIZE - 2, ...axis },
    title: { fontSize: FONT_SIZE, anchor: 'start', ...title },
    legend: { orient: 'bottom', labelLimit: 400, labelFontSize: FONT_SIZE - 2, columns: 3 },
  };
}
