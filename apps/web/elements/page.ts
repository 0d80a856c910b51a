import './parts/colour-mode';
import './parts/copy';
import './parts/in-place';
import './parts/menus';
import './parts/reloaded';
import './parts/submit-once';
import './parts/times';
