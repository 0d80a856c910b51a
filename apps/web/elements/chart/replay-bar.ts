import { html, nothing, type TemplateResult } from 'lit';
import { fromLocal, localTime, shownTime } from './model/zone';
import { SPEEDS, STEPS, type Replay } from './replay';

/** Play, pause, steps and a slider through the time of recording; and the comparison of two moments. */
export function replayBar(replay: Replay, zone: string): TemplateResult | typeof nothing {
  if (replay.state === 'off') return nothing;
  return html`<section
    class="chart-replay"
    aria-label="Replay"
    @keydown=${(event: KeyboardEvent) => onKey(event, replay)}
  >
    ${content(replay, zone)}
  </section>`;
}

function content(replay: Replay, zone: string): TemplateResult {
  const close = html`<button
    type="button"
    class="btn btn-outline-secondary btn-sm"
    @click=${() => replay.close()}
  >
    End replay
  </button>`;
  if (replay.state === 'loading')
    return html`<span class="quiet" role="status">Loading what was recorded …</span> ${close}`;
  if (replay.state === 'failed')
    return html`<span role="status" class="state state-failed"
        ><i class="fa fa-triangle-exclamation" aria-hidden="true"></i> ${replay.problem}</span
      >
      ${close}`;
  return html`${controls(replay, zone)} ${settings(replay)} ${comparison(replay, zone)} ${close}
    <span class="quiet">On the slider, Space plays, comma and full stop go a step.</span>`;
}

function controls(replay: Replay, zone: string): TemplateResult {
  const { momentMs, stepMs, isPlaying, recording } = replay;
  const shown = shownTime(momentMs, zone);
  return html`${iconButton('One step back', 'backward-step', () => replay.step(-1))}
    ${isPlaying ? iconButton('Pause', 'pause', () => replay.stop()) : iconButton('Play', 'play', () => replay.play())}
    ${iconButton('One step on', 'forward-step', () => replay.step(1))}
    <input
      type="range"
      class="form-range chart-slider"
      aria-label="Moment of knowledge"
      aria-valuetext=${shown}
      min=${recording.fromMs}
      max=${recording.toMs}
      step=${Math.min(stepMs, Math.max(1, recording.toMs - recording.fromMs))}
      .value=${String(momentMs)}
      @input=${({ target }: Event) => replay.moveTo(Number((target as HTMLInputElement).value))}
    />
    <output class="chart-moment">Known at <strong>${shown}</strong></output>`;
}

/** How far and how fast it steps. People who asked for less motion are offered one step per second at most. */
function settings(replay: Replay): TemplateResult {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const speeds = isCalm ? SPEEDS.slice(0, 1) : SPEEDS;
  return html`${choice(
    'Step',
    STEPS.map(([lengthMs, label]) => [String(lengthMs), label]),
    String(replay.stepMs),
    (value) => replay.set({ stepMs: Number(value) }),
  )}
  ${choice(
    'Speed',
    speeds.map((speed) => [String(speed), speed === 1 ? '1 step per second' : `${speed} steps per second`]),
    String(replay.stepsPerS),
    (value) => replay.set({ stepsPerS: Number(value) }),
  )}`;
}

function comparison(replay: Replay, zone: string): TemplateResult {
  const { isCompared, otherMs, recording } = replay;
  return html`<div class="chart-comparison">
    <label class="chart-choice"
      ><input
        type="checkbox"
        class="form-check-input mt-0"
        .checked=${isCompared}
        @change=${({ target }: Event) => replay.set({ isCompared: (target as HTMLInputElement).checked })}
      />
      Compare with what is known</label
    >
    ${
      isCompared
        ? html`<label class="chart-choice"
            >at
            <input
              type="datetime-local"
              class="form-control form-control-sm chart-date-time"
              .value=${otherMs === undefined ? '' : localTime(otherMs, zone)}
              min=${localTime(recording.fromMs, zone)}
              @change=${({ target }: Event) => {
                const { value } = target as HTMLInputElement;
                replay.set({ otherMs: value === '' ? undefined : fromLocal(value, zone) });
              }}
            />
            <span class="quiet">${otherMs === undefined ? '(empty: now)' : ''}</span></label
          >`
        : nothing
    }
  </div>`;
}

const iconButton = (label: string, icon: string, onClick: () => void): TemplateResult =>
  html`<button
    type="button"
    class="btn btn-outline-secondary btn-sm"
    aria-label=${label}
    title=${label}
    @click=${onClick}
  >
    <i class="fa fa-${icon}" aria-hidden="true"></i>
  </button>`;

const choice = (
  label: string,
  options: [value: string, text: string][],
  selected: string,
  choose: (value: string) => void,
): TemplateResult =>
  html`<label class="chart-choice"
    >${label}
    <select
      class="form-select form-select-sm"
      @change=${({ target }: Event) => choose((target as HTMLSelectElement).value)}
    >
      ${options.map(
        ([value, text]) => html`<option value=${value} ?selected=${value === selected}>${text}</option>`,
      )}
    </select></label
  >`;

/** Space plays and pauses; comma and full stop go one step back and on. */
function onKey(event: KeyboardEvent, replay: Replay): void {
  if (replay.state !== 'on') return;
  const isOnSlider = (event.target as HTMLElement).matches('.chart-slider');
  if (event.key === ' ' && isOnSlider) {
    if (replay.isPlaying) replay.stop();
    else replay.play();
  } else if (event.key === ',' && isOnSlider) replay.step(-1);
  else if (event.key === '.' && isOnSlider) replay.step(1);
  else if (event.key === 'Escape') replay.close();
  else return;
  event.preventDefault();
}
