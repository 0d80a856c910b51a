import { FmBalance } from './balance/fm-balance';
import { FmChart } from './chart/fm-chart';
import { EmbeddedBalance, EmbeddedChart } from './embed/embedded-chart';
import { embeddedMap, type MapFiles } from './embed/embedded-map';

/** Defines the elements for pages of other servers. */
export function defineElements(files: MapFiles): void {
  customElements.define('fm-panels', FmChart);
  customElements.define('fm-flows', FmBalance);
  customElements.define('fm-chart', EmbeddedChart);
  customElements.define('fm-balance', EmbeddedBalance);
  customElements.define('fm-map', embeddedMap(files));
}
