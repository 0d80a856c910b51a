/** Buttons with `data-copy` copy the value of the input with this id. They are hidden without scripts. */
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const input = document.getElementById(button.dataset['copy'] ?? '') as HTMLInputElement;
    input.select();
    // Without the permission, the text is selected, and can be copied by keyboard.
    navigator.clipboard.writeText(input.value).catch(() => undefined);
  });
}
