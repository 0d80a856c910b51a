/** Applies the colour mode that the person chose, or that of the system, before the page is drawn. */
const STORED = 'colour-mode';

function chosenMode(): string {
  try {
    return localStorage.getItem(STORED) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function applyMode(mode: string): void {
  const isDark = mode === 'dark' || (mode === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['bsTheme'] = isDark ? 'dark' : 'light';
  document.documentElement.dataset['colourMode'] = mode;
  document.dispatchEvent(new CustomEvent('colour-mode'));
}

applyMode(chosenMode());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => applyMode(chosenMode()));
document.addEventListener('choose-colour-mode', (event) => {
  const mode = (event as CustomEvent<string>).detail;
  try {
    localStorage.setItem(STORED, mode);
  } catch {
    // Without storage, the mode is that of this page only.
  }
  applyMode(mode);
});
