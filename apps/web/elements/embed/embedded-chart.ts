import type { FmBalance } from '../balance/fm-balance';
import { fetchJson } from '../chart/fetching';
import type { FmChart } from '../chart/fm-chart';
import type { Panel } from '../chart/model/columns';
import { localDate, addDays } from '../chart/model/zone';
import { LoadingElement } from './loading-element';
import { serverOf, type ServerAccess } from './server-access';

/** What the API tells about an asset or sensor for charts. */
interface ChartInfo {
  name: string;
  timezone: string;
  panels: Panel[];
}

/**
 * Charts of an asset or a sensor, for pages of other servers. Attributes: `asset` or `sensor` (id), `first` and `last` day
 * (default: yesterday to tomorrow), `token` of a user; without it, the session of the browser counts. `server` is the address of
 * the server, if the script comes from another one.
 */
export class EmbeddedChart extends LoadingElement {
  protected override readonly failure = 'The charts cannot be loaded.';

  protected override async load({ server, access }: ServerAccess, signal: AbortSignal): Promise<HTMLElement> {
    const asset = this.getAttribute('asset');
    const path = asset === null ? `sensor/${this.getAttribute('sensor')}` : `asset/${asset}`;
    const { name, timezone, panels } = await fetchJson<ChartInfo>(
      `${server}/api/dev/${path}`,
      {},
      { ...access, signal },
    );
    const data = asset === null ? `${server}/api/dev/${path}` : `${server}/api/v3_0/assets/${asset}`;
    const today = localDate(Date.now(), timezone);
    const chart = document.createElement('fm-panels') as FmChart;
    chart.access = access;
    const attributes = {
      ...{ 'data-url': `${data}/chart_data`, 'annotations-url': `${data}/chart_annotations` },
      ...{ panels: JSON.stringify(panels), zone: timezone, name },
      first: this.getAttribute('first') ?? addDays(today, -1),
      last: this.getAttribute('last') ?? addDays(today, 1),
    };
    for (const [attribute, value] of Object.entries(attributes)) chart.setAttribute(attribute, value);
    return chart;
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
    const { server, access } = serverOf(this);
    const picture = document.createElement('fm-flows') as FmBalance;
    picture.access = access;
    const attributes = {
      'data-url': `${server}/api/v3_0/${path}/energy_balance`,
      start: this.getAttribute('start') ?? hoursFromNow(-24),
      end: this.getAttribute('end') ?? hoursFromNow(24),
      name: this.getAttribute('name') ?? 'balance',
    };
    for (const [attribute, value] of Object.entries(attributes)) picture.setAttribute(attribute, value);
    this.replaceChildren(picture);
  }
}

const hoursFromNow = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
