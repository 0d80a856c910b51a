// The first that follows the sending of forms: what it prevents is not sent.
import './parts/submit-once';
// Before what was typed comes back.
import './parts/own-zone';
// Before forms are sent in place.
import './parts/kept-query';
import './parts/kept-typing';
import './parts/colour-mode';
import './parts/copy';
import './parts/drag-rows';
import './parts/in-place';
import './parts/loaded';
import './parts/menus';
import './parts/reloaded';
import './parts/teaser';
import './parts/times';
