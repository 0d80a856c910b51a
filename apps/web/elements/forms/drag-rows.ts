/** Rows of a list with `data-drag-rows` are moved by dragging. The numbers in the names of their fields follow their order. */
function prepare(list: HTMLElement): void {
  let dragged: HTMLElement | undefined;
  const rowOf = (target: EventTarget | null): HTMLElement | undefined =>
    target instanceof Element ? (target.closest<HTMLElement>('li[draggable]') ?? undefined) : undefined;
  list.addEventListener('dragstart', ({ target, dataTransfer }) => {
    dragged = rowOf(target);
    // Firefox drags nothing without data.
    dataTransfer?.setData('text/plain', '');
  });
  list.addEventListener('dragover', (event) => {
    const over = rowOf(event.target);
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const rows = [...list.children];
    if (rows.indexOf(dragged) < rows.indexOf(over)) over.after(dragged);
    else over.before(dragged);
  });
  list.addEventListener('drop', (event) => event.preventDefault());
  list.addEventListener('dragend', () => {
    dragged = undefined;
    [...list.children].forEach(renumber);
  });
}

function renumber(row: Element, index: number, { length }: Element[]): void {
  for (const field of row.querySelectorAll('input'))
    field.name = field.name.replace(/\.\d{1,4}$/, `.${index}`);
  for (const button of row.querySelectorAll('button')) {
    button.value = button.value.replace(/\.\d{1,4}$/, `.${index}`);
    button.ariaLabel = (button.ariaLabel ?? '').replace(/\d{1,4}/, String(index + 1));
    const [action] = button.value.split('.');
    button.disabled = (action === 'up' && index === 0) || (action === 'down' && index === length - 1);
  }
}

document.querySelectorAll<HTMLElement>('[data-drag-rows]').forEach(prepare);
