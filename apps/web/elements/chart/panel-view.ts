import { html, nothing, type TemplateResult } from 'lit';
import type { Panel } from './model/columns';
import { kindsIn, type DrawnSeries } from './model/series';
import { shownTime } from './model/zone';

/** What a panel shows besides its values. */
export interface PanelState {
  series: readonly DrawnSeries[];
  hiddenKeys: ReadonlySet<string>;
  isTable: boolean;
  /** Whether the data has been loaded. */
  isLoaded: boolean;
  /** Of the times. */
  zone: string;
}

/** What the parts of a panel do. */
export interface PanelActions {
  /** Hides or shows a series. */
  toggle: (key: string) => void;
  toggleTable: () => void;
  onKey: (event: KeyboardEvent) => void;
}

export const headingOf = ({ title, unit }: Panel): string => (unit === '' ? title : `${title} (${unit})`);

/** When a plan was made. */
const madeAt = ({ plannedAtMs }: DrawnSeries, zone: string): string =>
  plannedAtMs === undefined ? '' : `, made ${shownTime(plannedAtMs, zone)}`;

/** A panel: its heading with the legend, and the places of chart, crosshair and readout. @param table below the chart */
export function panelOf(
  panel: Panel,
  { series, hiddenKeys, isTable, isLoaded, zone }: PanelState,
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
              ></span>
              <span
                >${one.label} <span class="quiet">${kindsIn(one).join(', ')}${madeAt(one, zone)}</span></span
              >
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
    ${isLoaded && series.length === 0 ? html`<p class="quiet mb-0">No data in this period.</p>` : nothing}
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
