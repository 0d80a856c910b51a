import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { fetchJson, FetchProblem, type Access } from '../chart/fetching';
import { shownTime } from '../chart/model/zone';
import { saveText } from '../chart/saving';
import { balanceOptions, createChart, LEFT, RIGHT, type EChart } from './drawing';
import {
  flowsIn,
  readBalance,
  toCsv,
  valuesAt,
  type Balance,
  type BalanceAnswer,
  type DrawnFlow,
} from './model';

type State = 'loading' | 'ready' | 'failed';

/**
 * How energy flows at a site, in a picture. Attributes: `data-url` of the API, `start` and `end` of the period, `name` for
 * files. What comes in is above zero, what goes out below; what is planned is lighter.
 */
export class FmBalance extends LitElement {
  static override properties = {
    dataUrl: { attribute: 'data-url' },
    access: { attribute: false },
    start: {},
    end: {},
    name: {},
    state: { reflect: true, attribute: 'data-state' },
    problem: { state: true },
    balance: { state: true },
    hiddenFlows: { state: true },
    step: { state: true },
  };

  declare dataUrl: string;
  /** Of the user, on pages of other servers. */
  declare access: Access;
  declare start: string;
  declare end: string;
  declare name: string;
  declare state: State;
  declare problem: string;
  declare balance: Balance | undefined;
  declare hiddenFlows: ReadonlySet<string>;
  declare step: number | undefined;

  private chart: EChart | undefined;
  private loading = new AbortController();
  private readonly redraw = () => this.draw();
  private readonly resizing = new ResizeObserver(() => this.chart?.resize());

  constructor() {
    super();
    Object.assign(this, { name: 'balance', access: {}, state: 'loading', problem: '' });
    this.hiddenFlows = new Set();
  }

  /** The styles of the page apply. What was inside, for browsers without scripts, goes. */
  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('colour-mode', this.redraw);
    // The element was moved to another place of the page.
    if (this.hasUpdated) this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('colour-mode', this.redraw);
    this.loading.abort();
    this.resizing.disconnect();
    this.chart?.dispose();
    this.chart = undefined;
  }

  protected override firstUpdated(): void {
    const plot = this.plot;
    plot.addEventListener('pointermove', ({ clientX }) =>
      this.pointAt(clientX - plot.getBoundingClientRect().left),
    );
    plot.addEventListener('pointerleave', () => (this.step = undefined));
    plot.addEventListener('keydown', (event) => this.onKey(event));
    this.begin();
  }

  private get plot(): HTMLElement {
    return this.querySelector<HTMLElement>('.chart-plot')!;
  }

  private begin(): void {
    this.chart = createChart(this.plot);
    this.resizing.observe(this.plot);
    void this.load();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('balance') || changed.has('hiddenFlows')) this.draw();
  }

  private async load(): Promise<void> {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.state = 'loading';
    try {
      const query = { start: this.start, end: this.end };
      const answer = await fetchJson<BalanceAnswer>(this.dataUrl, query, { ...this.access, signal });
      if (signal.aborted) return;
      this.balance = readBalance(answer);
      this.state = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof FetchProblem ? error.message : 'The flows cannot be shown.';
      this.state = 'failed';
    }
  }

  private get shown(): DrawnFlow[] {
    return this.balance ? flowsIn(this.balance).filter(({ flow }) => !this.hiddenFlows.has(flow)) : [];
  }

  private draw(): void {
    if (!this.chart || !this.balance) return;
    const styles = getComputedStyle(this);
    const colour = (name: string): string => styles.getPropertyValue(`--fm-${name}`).trim();
    this.chart.setOption(balanceOptions(this.balance, this.shown, colour), true);
  }

  private pointAt(x: number): void {
    const { balance, chart } = this;
    if (!balance || !chart) return;
    const share = (x - LEFT) / (chart.getWidth() - LEFT - RIGHT);
    const step = Math.floor(share * balance.steps);
    this.step = step >= 0 && step < balance.steps ? step : undefined;
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.balance || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
    event.preventDefault();
    const { steps, startMs, stepMs, nowMs } = this.balance;
    const now = Math.floor((nowMs - startMs) / stepMs);
    const next = (this.step ?? now) + (event.key === 'ArrowRight' ? 1 : -1);
    this.step = Math.min(Math.max(next, 0), steps - 1);
  }

  private toggle(flow: string): void {
    const hidden = new Set(this.hiddenFlows);
    if (!hidden.delete(flow)) hidden.add(flow);
    this.hiddenFlows = hidden;
  }

  protected override render(): TemplateResult {
    const { balance } = this;
    return html`
      <div class="chart-heading">
        <h2>Power (kW)</h2>
        <div class="chart-legend" role="group" aria-label="Flows">
          ${balance ? flowsIn(balance).map((one) => this.keyOf(one)) : nothing}
        </div>
        <button
          type="button"
          class="btn btn-outline-secondary btn-sm"
          ?disabled=${!balance}
          @click=${() => this.save()}
        >
          CSV
        </button>
      </div>
      <div
        class="chart-plot balance-plot"
        tabindex="0"
        role="img"
        aria-label="Energy flows: what comes in above zero, what goes out below. Arrow keys tell single values."
      ></div>
      <p class="chart-note mb-0" role="status">${this.note()}</p>
    `;
  }

  private keyOf({ flow, name }: DrawnFlow): TemplateResult {
    return html`<button
      type="button"
      class="chart-key"
      aria-pressed=${this.hiddenFlows.has(flow) ? 'false' : 'true'}
      @click=${() => this.toggle(flow)}
    >
      <span class="swatch swatch-${flow}"></span>${name}
    </button>`;
  }

  private note(): string | TemplateResult {
    const { balance, step } = this;
    if (this.state === 'loading') return 'Loading …';
    if (!balance || this.state === 'failed')
      return html`${this.problem}
        <button type="button" class="btn btn-outline-secondary btn-sm" @click=${() => void this.load()}>
          Try again
        </button>`;
    if (flowsIn(balance).length === 0) return 'Nothing of this period is measured or planned.';
    if (step === undefined)
      return 'Above zero: what comes in. Below: what goes out. Before now measured, after it planned (lighter).';
    const time = shownTime(balance.startMs + step * balance.stepMs, balance.zone);
    return `${time}: ${valuesAt(balance, step, this.shown).join(', ')}`;
  }

  private save(): void {
    if (this.balance)
      saveText(toCsv(this.balance), 'text/csv', `${this.name} ${this.start.slice(0, 10)} balance.csv`);
  }
}
