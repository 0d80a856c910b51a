import './parts/colour-mode';
import './parts/copy';
import './parts/loaded';
import './parts/menus';
import './parts/reloaded';
import './parts/submit-once';
import './parts/times';
