/**
 * Buttons for the pictures of the login page. The strip scrolls without scripts as well; it never moves by itself, because people
 * read it.
 */
for (const teaser of document.querySelectorAll<HTMLElement>('.teaser')) {
  const strip = teaser.querySelector<HTMLElement>('.teaser-slides');
  const buttons = teaser.querySelector<HTMLElement>('.teaser-buttons');
  if (strip && buttons) addButtons(strip, buttons);
}

function addButtons(strip: HTMLElement, buttons: HTMLElement): void {
  const count = strip.children.length;
  const shown = (): number => Math.round(strip.scrollLeft / Math.max(1, strip.clientWidth));
  const show = (index: number): void => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const left = ((index + count) % count) * strip.clientWidth;
    strip.scrollTo({ left, behavior: calm ? 'instant' : 'smooth' });
  };
  for (const button of buttons.querySelectorAll<HTMLElement>('[data-step]'))
    button.addEventListener('click', () => show(shown() + Number(button.dataset['step'])));
  const text = buttons.querySelector('[data-shown]');
  strip.addEventListener('scroll', () => {
    const now = `${shown() + 1} of ${count}`;
    if (text && text.textContent !== now) text.textContent = now;
  });
  buttons.hidden = false;
}
