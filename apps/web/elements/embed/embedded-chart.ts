import { allowAccess, fetchJson, FetchProblem } from '../chart/fetching';
import type { Panel } from '../chart/model/columns';
import { localDate, addDays } from '../chart/model/zone';

/** What the API tells about an asset or sensor for charts. */
interface ChartInfo {
  name: string;
  timezone: string;
  panels: Panel[];
}

/** Address of the server: that of this script. */
const SERVER = new URL(import.meta.url).origin;

/**
 * Charts of an asset or a sensor, for pages of other servers. Attributes: `asset` or `sensor` (id), `first` and `last` day
 * (default: yesterday to tomorrow), `token` of a user; without it, the session of the browser counts. `server` is the address of
 * the server, if the script comes from another one.
 */
export class EmbeddedChart extends HTMLElement {
  private readonly loading = new AbortController();

  connectedCallback(): void {
    if (this.childElementCount === 0) void this.show();
  }

  disconnectedCallback(): void {
    this.loading.abort();
  }

  private async show(): Promise<void> {
    const server = serverOf(this);
    const asset = this.getAttribute('asset');
    const path = asset === null ? `sensor/${this.getAttribute('sensor')}` : `asset/${asset}`;
    this.dataset['state'] = 'loading';
    try {
      const { name, timezone, panels } = await fetchJson<ChartInfo>(
        `${server}/api/dev/${path}`,
        {},
        this.loading.signal,
      );
      const data = asset === null ? `${server}/api/dev/${path}` : `${server}/api/v3_0/assets/${asset}`;
      const today = localDate(Date.now(), timezone);
      const chart = document.createElement('fm-panels');
      const attributes = {
        ...{ 'data-url': `${data}/chart_data`, 'annotations-url': `${data}/chart_annotations` },
        ...{ panels: JSON.stringify(panels), zone: timezone, name },
        first: this.getAttribute('first') ?? addDays(today, -1),
        last: this.getAttribute('last') ?? addDays(today, 1),
      };
      for (const [attribute, value] of Object.entries(attributes)) chart.setAttribute(attribute, value);
      this.replaceChildren(chart);
      this.dataset['state'] = 'ready';
    } catch (error) {
      if (!this.loading.signal.aborted) tell(this, error);
    }
  }
}

/**
 * How energy flows at a site, for pages of other servers. Attributes: `asset` or `account` (id), `start` and `end` with time
 * zones (default: a day before and after now), `token` and `server` as those of `fm-chart`.
 */
export class EmbeddedBalance extends HTMLElement {
  connectedCallback(): void {
    if (this.childElementCount > 0) return;
    const asset = this.getAttribute('asset');
    const path = asset === null ? `accounts/${this.getAttribute('account')}` : `assets/${asset}`;
    const picture = document.createElement('fm-flows');
    const attributes = {
      'data-url': `${serverOf(this)}/api/v3_0/${path}/energy_balance`,
      start: this.getAttribute('start') ?? hoursFromNow(-24),
      end: this.getAttribute('end') ?? hoursFromNow(24),
      name: this.getAttribute('name') ?? 'balance',
    };
    for (const [attribute, value] of Object.entries(attributes)) picture.setAttribute(attribute, value);
    this.replaceChildren(picture);
  }
}

const hoursFromNow = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

/** The address of the server of an element, which may be used from now on. */
function serverOf(element: HTMLElement): string {
  const server = new URL(element.getAttribute('server') ?? SERVER).origin;
  allowAccess(server, element.getAttribute('token') ?? undefined);
  return server;
}

function tell(element: HTMLElement, error: unknown): void {
  const text = document.createElement('p');
  text.setAttribute('role', 'alert');
  text.textContent = error instanceof FetchProblem ? error.message : 'The charts cannot be loaded.';
  element.replaceChildren(text);
  element.dataset['state'] = 'failed';
}
