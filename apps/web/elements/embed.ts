import { FmBalance } from './balance/fm-balance';
import { FmChart } from './chart/fm-chart';
import { EmbeddedBalance, EmbeddedChart } from './embed/embedded-chart';

customElements.define('fm-panels', FmChart);
customElements.define('fm-flows', FmBalance);
customElements.define('fm-chart', EmbeddedChart);
customElements.define('fm-balance', EmbeddedBalance);
