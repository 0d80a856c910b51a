import { html, nothing, type TemplateResult } from 'lit';

export type State = 'loading' | 'ready' | 'empty' | 'failed';

/** What people can do about a state. */
export interface NoteActions {
  retry: () => void;
  /** Shows the period of the latest data; undefined if it is unknown. */
  showLatest?: () => void;
}

/**
 * What the state of the chart means.
 * @param problem why it failed
 * @param shown whether values are means of buckets, and whether annotations could not be loaded
 */
export function noteOf(
  state: State,
  problem: string,
  { isCoarse, isIncomplete }: { isCoarse: boolean; isIncomplete: boolean },
  { retry, showLatest }: NoteActions,
): TemplateResult {
  switch (state) {
    case 'loading':
      return html`<span class="quiet">Loading …</span>`;
    case 'failed':
      return html`<span class="state state-failed"
          ><i class="fa fa-triangle-exclamation" aria-hidden="true"></i> ${problem}</span
        >
        <button type="button" class="btn btn-outline-secondary btn-sm" @click=${retry}>Try again</button>`;
    case 'empty':
      return html`There is no data in this period. Choose another
      one${
        showLatest
          ? html`, or
              <button type="button" class="btn btn-link p-0 align-baseline" @click=${showLatest}>
                the period of the latest data
              </button>`
          : nothing
      }.`;
    case 'ready':
      return html`${
        isCoarse
          ? html`<span class="quiet"
              >Values are means of longer times, also in table and CSV. Zoom in for single values.</span
            >`
          : nothing
      }${
        isIncomplete
          ? html` <span class="state state-stale">Annotations cannot be loaded.</span>
              <button type="button" class="btn btn-outline-secondary btn-sm" @click=${retry}>
                Try again
              </button>`
          : nothing
      }`;
  }
}

/** Switches between the time zone of the chart and that of the person, if they differ. */
export function zoneSwitch(
  shownZone: string,
  ownZone: string,
  show: (zone: string) => void,
): TemplateResult | typeof nothing {
  const viewers = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (viewers === ownZone) return nothing;
  const other = shownZone === ownZone ? viewers : ownZone;
  return html` <button
      type="button"
      class="btn btn-link btn-sm p-0 align-baseline"
      @click=${() => show(other)}
    >
      Show them in ${other}</button
    >.`;
}
