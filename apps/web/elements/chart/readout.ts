import { html, nothing, type TemplateResult } from 'lit';
import type { ChartAnnotation, Panel } from './model/columns';
import { findEvent, type DrawnSeries } from './model/series';
import { shownHorizon, shownNumber } from './model/text';
import { shownTime } from './model/zone';

/** The values of a panel at a moment: value, unit, interval, source with its id, and when it was recorded. */
export function readoutOf(
  series: readonly DrawnSeries[],
  timeMs: number,
  toleranceMs: number,
  zone: string,
): TemplateResult {
  const rows = series.flatMap((one) => {
    const i = findEvent(one, timeMs, toleranceMs);
    return i === undefined || one.values[i] == null ? [] : [{ one, i, value: one.values[i] }];
  });
  const start = rows[0] ? rows[0].one.starts[rows[0].i]! : timeMs;
  return html`<strong>${shownTime(start, zone)}</strong
    >${rows.length === 0 ? html`<div>no value</div>` : nothing}
    ${rows.map(
      ({ one, i, value }) =>
        html`<div class="readout-row">
          <span
            class="swatch swatch-${one.colour} ${one.moment?.isThen === true ? 'swatch-then' : ''}"
          ></span>
          <span>
            <b>${shownNumber(value)} ${one.sensor.unit}</b>
            ${
              one.lows?.[i] == null || one.highs?.[i] == null
                ? nothing
                : html`(${shownNumber(one.lows[i])} to ${shownNumber(one.highs[i])})`
            }
            ${one.kinds[i]}, ${one.sensor.label}${one.moment ? `, ${one.moment.text}` : ''}<br />
            <span class="quiet">
              ${one.source.description} (ID:
              ${one.source.id})${
                one.horizons?.[i] === undefined
                  ? one.lows
                    ? ', mean of a longer time'
                    : ''
                  : `, recorded ${shownHorizon(one.horizons[i])}`
              }
            </span>
          </span>
        </div>`,
    )}`;
}

/** The annotations at a moment. */
export const annotationsAt = (annotations: readonly ChartAnnotation[], timeMs: number): string[] =>
  annotations
    .filter(({ start, end }) => start <= timeMs && timeMs < end)
    .map(({ content }) => content.join(' '));

/** The values of a panel as a table: a row per start, a column per series. */
export function tableOf(
  { title }: Panel,
  series: readonly DrawnSeries[],
  fromMs: number,
  toMs: number,
  zone: string,
): TemplateResult {
  const inWindow = (start: number): boolean => start >= fromMs && start < toMs;
  const starts = [...new Set(series.flatMap((one) => one.starts.filter(inWindow)))].sort((a, b) => a - b);
  const shown = starts.slice(0, MAX_ROWS);
  const rowsOf = series.map((one) => new Map(one.starts.map((start, i) => [start, i])));
  return html`<div
    class="table-scroll chart-table"
    tabindex="0"
    role="region"
    aria-label="Values of ${title}"
  >
    <table class="table table-sm">
      <thead>
        <tr>
          <th scope="col">Start</th>
          ${series.map((one) => html`<th scope="col">${one.label} (${one.sensor.unit})</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (start) =>
            html`<tr>
              <th scope="row">${shownTime(start, zone)}</th>
              ${series.map((one, s) => {
                const i = rowsOf[s]!.get(start);
                return html`<td>
                  ${
                    i === undefined || one.values[i] == null
                      ? nothing
                      : html`${shownNumber(one.values[i])}
                        ${one.kinds[i] === 'measurement' ? nothing : html`<span class="quiet">${one.kinds[i]}</span>`}`
                  }
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      starts.length > MAX_ROWS
        ? html`<p class="quiet">
            The first ${MAX_ROWS} of ${starts.length} rows. Zoom in, or save all as CSV.
          </p>`
        : nothing
    }
  </div>`;
}

const MAX_ROWS = 500;
