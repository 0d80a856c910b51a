/** How long a button says that it has copied, in milliseconds. */
const SHOWN_MS = 2000;

/** Adds a button to each example of code that copies it. */
for (const example of document.querySelectorAll<HTMLElement>('.docs-code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', 'Copy this example');
  button.addEventListener('click', () => void copy(example.querySelector('code')!, button));
  example.append(button);
}

async function copy(code: HTMLElement, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    // Without the permission, the text is selected, and can be copied by keyboard.
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), SHOWN_MS);
}
