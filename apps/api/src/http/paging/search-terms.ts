/** The terms of a search: words, or phrases in quotation marks, such as `solar "ACME corp"`. */
export const searchTerms = (filter: string | undefined): string[] =>
  Array.from((filter ?? '').matchAll(/"([^"]*)"|[^\s"]+/g), ([word, phrase]) => phrase ?? word).filter(
    (term) => term !== '',
  );
