/**
 * An input with `data-own-zone` gets the time zone of the browser, as long as nobody has typed another one: the server does not
 * know where a person is.
 */
for (const input of document.querySelectorAll<HTMLInputElement>('input[data-own-zone]'))
  if (input.value === input.defaultValue) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
