import { FmChart } from './chart/fm-chart';

customElements.define('fm-chart', FmChart);
