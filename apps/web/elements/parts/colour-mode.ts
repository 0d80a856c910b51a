const MODES = ['auto', 'light', 'dark'];

/** Lets a button switch between the colours of the system, light and dark. The button is hidden without scripts. */
function prepareButton(button: HTMLButtonElement): void {
  const mode = () => document.documentElement.dataset['colourMode'] ?? 'auto';
  const show = () => {
    for (const icon of button.querySelectorAll<HTMLElement>('[data-mode]'))
      icon.hidden = icon.dataset['mode'] !== mode();
    button.title = `Colours: ${mode()}`;
    button.setAttribute('aria-label', `Colours: ${mode()}. Switch`);
  };
  button.addEventListener('click', () => {
    const next = MODES[(MODES.indexOf(mode()) + 1) % MODES.length]!;
    document.dispatchEvent(new CustomEvent('choose-colour-mode', { detail: next }));
    show();
  });
  show();
  button.hidden = false;
}

document.querySelectorAll<HTMLButtonElement>('[data-colour-mode-button]').forEach(prepareButton);
