import { FmBalance } from './balance/fm-balance';

customElements.define('fm-balance', FmBalance);
