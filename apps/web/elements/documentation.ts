import './documentation/code-copy';
import './documentation/docs-search';

/** On narrow screens, the contents are closed until somebody opens them. */
if (matchMedia('(max-width: 56rem)').matches) document.querySelector('.docs-menu')?.removeAttribute('open');
document.querySelector('.docs-contents [aria-current]')?.scrollIntoView({ block: 'nearest' });
