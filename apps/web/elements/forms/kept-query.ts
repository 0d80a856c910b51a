/** Forms with `data-keeps` send the parameters with these names as they are in the address now, which scripts may have changed. */
document.addEventListener('submit', ({ target }) => {
  const form = target as HTMLFormElement;
  const query = new URLSearchParams(location.search);
  for (const name of form.dataset['keeps']?.split(',') ?? []) {
    const field = form.elements.namedItem(name) as HTMLInputElement | null;
    const value = query.get(name);
    if (field && value !== null) field.value = value;
  }
});
