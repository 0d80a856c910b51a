import { FmMap } from './map/fm-map';

customElements.define('fm-map', FmMap);
