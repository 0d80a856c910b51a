import './live/jobs';
import './live/latest-values';
import { FmLive } from './live/fm-live';

// After the others, so that none of the first events is missed.
customElements.define('fm-live', FmLive);
