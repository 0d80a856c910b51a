type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Attributes that tell what is wrong with a field. */
const MARKS = ['aria-invalid', 'aria-describedby'];

/**
 * Marks the fields of a form as those of the form in an answer, which is not shown itself: what is wrong, and the notes. Moves to
 * the first one that is wrong.
 */
export function markFields(form: HTMLFormElement, answer: Document): void {
  const fields = [...form.querySelectorAll<Field>(':is(input, select, textarea)[id]')];
  for (const field of fields) {
    const answered = answer.getElementById(field.id);
    if (!answered) continue;
    field.classList.toggle('is-invalid', answered.classList.contains('is-invalid'));
    for (const mark of MARKS) {
      const value = answered.getAttribute(mark);
      if (value === null) field.removeAttribute(mark);
      else field.setAttribute(mark, value);
    }
    showNote(field, answer.getElementById(`${field.id}-note`));
  }
  const wrong = fields.find((field) => field.classList.contains('is-invalid'));
  wrong?.closest('details')?.toggleAttribute('open', true);
  wrong?.focus();
}

function showNote(field: Field, note: HTMLElement | null): void {
  const shown = document.getElementById(`${field.id}-note`);
  if (note === null) shown?.remove();
  else if (shown) shown.replaceWith(note);
  else field.after(note);
}
