// The first that follows the sending of forms: what it prevents is not sent.
import './forms/submit-once';
// Before what was typed comes back.
import './forms/own-zone';
// Before forms are sent in place.
import './forms/kept-query';
import './forms/kept-typing';
import './parts/colour-mode';
import './parts/copy';
import './forms/drag-rows';
import './forms/in-place';
import './parts/loaded';
import './parts/menus';
import './parts/reloaded';
import './parts/teaser';
import './parts/times';
