import { html, type TemplateResult } from 'lit';
import { pageNow } from '../parts/now';
import { PRESETS, presetPeriod, readPeriod, shiftPeriod, type Period, type Preset } from './model/period';

/** What the buttons of the toolbar do. */
export interface ToolbarActions {
  choose: (period: Period) => void;
  /** Shows a part of the period that is so many times as long. */
  zoomBy: (factor: number) => void;
  /** Begins or ends the replay. */
  replay: () => void;
  saveCsv: () => void;
  savePng: () => void;
}

/** Chooses the period, zooms, replays, and saves files. @param zone of the days */
export function toolbarOf(
  period: Period,
  zone: string,
  isReplayed: boolean,
  actions: ToolbarActions,
): TemplateResult {
  const { first, last } = period;
  const { choose, zoomBy } = actions;
  const presets = Object.entries(PRESETS) as [Preset, string][];
  return html`<div class="chart-toolbar" role="group" aria-label="Period and files">
    ${button('Earlier', icon('chevron-left'), () => choose(shiftPeriod(period, -1)))}
    ${presets.map(([preset, label]) => {
      const one = presetPeriod(preset, pageNow(), zone);
      return button(label, label, () => choose(one), one.first === first && one.last === last);
    })}
    ${button('Later', icon('chevron-right'), () => choose(shiftPeriod(period, 1)))}
    ${dateInput('First day', first, (date) => readPeriod(date, date > last ? date : last), choose)}
    ${dateInput('Last day', last, (date) => readPeriod(date < first ? date : first, date), choose)}
    <span class="chart-gap"></span>
    ${button('Replay what was known', html`${icon('clock-rotate-left')} Replay`, actions.replay, isReplayed)}
    ${button('Zoom in', icon('magnifying-glass-plus'), () => zoomBy(0.5))}
    ${button('Zoom out', icon('magnifying-glass-minus'), () => zoomBy(2))}
    ${button('Save as CSV', 'CSV', actions.saveCsv)} ${button('Save as PNG', 'PNG', actions.savePng)}
  </div>`;
}

const icon = (name: string): TemplateResult => html`<i class="fa fa-${name}" aria-hidden="true"></i>`;

const button = (label: string, content: unknown, onClick: () => void, isActive = false): TemplateResult =>
  html`<button
    type="button"
    class="btn btn-outline-secondary btn-sm ${isActive ? 'active' : ''}"
    aria-label=${label}
    title=${label}
    @click=${onClick}
  >
    ${content}
  </button>`;

/** @param toPeriod the period with this day; undefined if the text is no date */
const dateInput = (
  label: string,
  value: string,
  toPeriod: (date: string) => Period | undefined,
  choose: (period: Period) => void,
): TemplateResult =>
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
