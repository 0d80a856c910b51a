import type { ChartColumns } from './model/columns';
import { columnsAt, recordingOf, toHistory, type History, type Recording } from './model/history';

const MINUTE_MS = 60_000;
/** How far one step goes, milliseconds. */
export const STEPS: [lengthMs: number, label: string][] = [
  [15 * MINUTE_MS, '15 minutes'],
  [60 * MINUTE_MS, '1 hour'],
  [360 * MINUTE_MS, '6 hours'],
  [1440 * MINUTE_MS, '1 day'],
];
/** Steps per second. */
export const SPEEDS = [1, 2, 4, 8];

/** What the replay needs from the element that it is in. */
export interface ReplayHost {
  /** Reads all that was recorded about a window, with the times of recording. @throws FetchProblem */
  read: (startMs: number, endMs: number, signal: AbortSignal) => Promise<ChartColumns>;
  /** Something else is to be shown. */
  changed: () => void;
}

/** Goes through the time of recording: what was known at a moment, and beside it at another one. */
export class Replay {
  state: 'off' | 'loading' | 'on' | 'failed' = 'off';
  problem = '';
  momentMs = 0;
  stepMs = 60 * MINUTE_MS;
  stepsPerS = 1;
  isPlaying = false;
  /** Whether what is known at another moment is shown as well. */
  isCompared = false;
  /** The other moment; undefined: now. */
  otherMs: number | undefined;
  recording: Recording = { fromMs: 0, toMs: 0 };
  private history: History | undefined;
  private timer = 0;
  private loading = new AbortController();

  constructor(private readonly host: ReplayHost) {}

  /** Loads the history of a window. It begins where the window does, or a moment that is asked for. */
  async open(startMs: number, endMs: number): Promise<void> {
    this.pause();
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    const isAgain = this.state !== 'off';
    this.state = 'loading';
    this.host.changed();
    try {
      const history = toHistory(await this.host.read(startMs, endMs, signal));
      if (signal.aborted) return;
      const recording = recordingOf(history, startMs, endMs);
      Object.assign(this, { history, recording: recording ?? { fromMs: startMs, toMs: startMs } });
      const moment = isAgain && this.momentMs > 0 ? this.momentMs : startMs;
      this.momentMs = Math.min(Math.max(moment, this.recording.fromMs), this.recording.toMs);
      this.state = recording ? 'on' : 'failed';
      this.problem = 'Nothing was recorded about this period.';
    } catch (error) {
      if (signal.aborted) return;
      this.state = 'failed';
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.host.changed();
  }

  close(): void {
    this.pause();
    this.loading.abort();
    this.history = undefined;
    this.momentMs = 0;
    this.state = 'off';
    this.host.changed();
  }

  /** What was known at the moment, and at the other one if it is compared; undefined while nothing is replayed. */
  get shown(): { then: ChartColumns; other?: ChartColumns } | undefined {
    if (this.state !== 'on' || !this.history) return undefined;
    return {
      then: columnsAt(this.history, this.momentMs),
      other: this.isCompared ? columnsAt(this.history, this.otherMs ?? Infinity) : undefined,
    };
  }

  moveTo(momentMs: number): void {
    const { fromMs, toMs } = this.recording;
    this.momentMs = Math.min(Math.max(momentMs, fromMs), toMs);
    if (this.momentMs >= toMs) this.pause();
    this.host.changed();
  }

  step(direction: -1 | 1): void {
    this.moveTo(this.momentMs + direction * this.stepMs);
  }

  /** Plays from the moment on, or from the start again if it is at the end. */
  play(): void {
    if (this.momentMs >= this.recording.toMs) this.momentMs = this.recording.fromMs;
    this.isPlaying = true;
    this.startTimer();
    this.host.changed();
  }

  /** Stops at the moment. */
  stop(): void {
    this.pause();
    this.host.changed();
  }

  /** Changes how it plays or what it compares. */
  set(changes: Partial<Pick<Replay, 'stepMs' | 'stepsPerS' | 'isCompared' | 'otherMs'>>): void {
    Object.assign(this, changes);
    if (this.isPlaying) this.startTimer();
    this.host.changed();
  }

  private pause(): void {
    clearInterval(this.timer);
    this.isPlaying = false;
  }

  private startTimer(): void {
    clearInterval(this.timer);
    this.timer = window.setInterval(() => this.step(1), 1000 / this.stepsPerS);
  }
}
