/** A mark, a string, or another value of JSON, after spaces. */
const TOKEN =
  /[ \t\r\n]*(?:([[\]{},:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])))/y;

type Expected = 'value' | 'first value' | 'first key' | 'key' | ':' | 'next' | 'end';

/**
 * Where a text stops being JSON: the start of the first part that cannot follow what is before it, or the end of a text that
 * is not complete. Messages of `JSON.parse` do not always tell.
 */
export function findJsonError(text: string): number {
  const end = text.trimEnd().length;
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [all, mark, string]: (string | undefined)[] = TOKEN.exec(text) ?? [];
    const kind = mark ?? (string === undefined ? '0' : '"');
    const next: Expected | undefined = all === undefined ? undefined : follow(expected, open, kind);
    if (next === undefined) return at + /^[ \t\r\n]*/.exec(text.slice(at))![0].length;
    expected = next;
  }
  return end;
}

/** What is expected after a token: a mark, `"` for a string or `0` for another value. Undefined if it cannot be there. */
function follow(expected: Expected, open: ('{' | '[')[], token: string): Expected | undefined {
  const afterValue = (): Expected => (open.length === 0 ? 'end' : 'next');
  const isObject = open.at(-1) === '{';
  const isClosed = token === (isObject ? '}' : ']') && open.length > 0;
  if (isClosed && ['next', 'first key', 'first value'].includes(expected)) {
    open.pop();
    return afterValue();
  }
  switch (expected) {
    case 'value':
    case 'first value':
      if (token === '"' || token === '0') return afterValue();
      if (token !== '{' && token !== '[') return undefined;
      open.push(token);
      return token === '{' ? 'first key' : 'first value';
    case 'key':
    case 'first key':
      return token === '"' ? ':' : undefined;
    case ':':
      return token === ':' ? 'value' : undefined;
    case 'next':
      if (token !== ',') return undefined;
      return isObject ? 'key' : 'value';
    case 'end':
      return undefined;
  }
}
