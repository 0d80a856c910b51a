import { html, type TemplateResult } from 'lit';
import type { Panel } from './model/columns';
import { kindsIn, type DrawnSeries } from './model/series';

/** What a panel shows besides its values. */
export interface PanelState {
  series: readonly DrawnSeries[];
  hiddenKeys: ReadonlySet<string>;
  isTable: boolean;
}

/** What the parts of a panel do. */
export interface PanelActions {
  /** Hides or shows a series. */
  toggle: (key: string) => void;
  toggleTable: () => void;
  onKey: (event: KeyboardEvent) => void;
}

export const headingOf = ({ title, unit }: Panel): string => (unit === '' ? title : `${title} (${unit})`);

/** A panel: its heading with the legend, and the places of chart, crosshair and readout. @param table below the chart */
export function panelOf(
  panel: Panel,
  { series, hiddenKeys, isTable }: PanelState,
  actions: PanelActions,
  table: unknown,
): TemplateResult {
  return html`<section class="chart-panel" aria-label=${headingOf(panel)}>
    <div class="chart-heading">
      <h2>${headingOf(panel)}</h2>
      <div class="chart-legend" role="group" aria-label="Legend">
        ${series.map(
          (one) =>
            html`<button
              type="button"
              class="chart-key"
              aria-pressed=${String(!hiddenKeys.has(one.key))}
              @click=${() => actions.toggle(one.key)}
            >
              <span
                class="swatch swatch-${one.colour} ${one.moment?.isThen === true ? 'swatch-then' : ''}"
              ></span
              >${one.label}
              <span class="quiet">${kindsIn(one).join(', ')}</span>
            </button>`,
        )}
      </div>
      <button
        type="button"
        class="btn btn-outline-secondary btn-sm"
        aria-expanded=${String(isTable)}
        @click=${actions.toggleTable}
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
        @keydown=${actions.onKey}
      ></div>
      <div class="chart-crosshair" hidden></div>
      <div class="chart-readout" aria-live="polite" hidden></div>
    </div>
    ${table}
  </section>`;
}
