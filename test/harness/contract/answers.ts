/** Expected answers that many tests share. */
export const UNAUTHENTICATED = {
  message: 'You could not be properly authenticated for this content or functionality.',
  status: 'UNAUTHORIZED',
};

export const UNAUTHORIZED = {
  message: 'You cannot be authorized for this content or functionality.',
  result: 'Rejected',
  status: 'INVALID_SENDER',
};

export const PROCESSED = { message: 'Request has been processed.', status: 'PROCESSED' };

/** Nests the reasons for elements of lists: `values.1` becomes `{ values: { '1': … } }`. */
function nested(reasons: object): object {
  const groups: Record<string, unknown> = {};
  for (const [path, fieldReasons] of Object.entries(reasons) as [string, unknown][]) {
    const match = /^(.*?)\.(\d+)(?:\.(.+))?$/.exec(path);
    if (!match) {
      groups[path] = fieldReasons;
      continue;
    }
    const [, list = '', position = '', inner] = match;
    const element = inner === undefined ? fieldReasons : nestedPath(inner, fieldReasons);
    groups[list] = { ...(groups[list] as object | undefined), [position]: element };
  }
  return groups;
}

const nestedPath = (path: string, fieldReasons: unknown): unknown =>
  path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), fieldReasons);

/** The answer to a request with bad fields in its body, query or path. Names elements of lists by path: `values.1`. */
export const unprocessable = (place: string, reasons: object) => ({
  status: 422,
  body: { message: { [place]: nested(reasons) }, result: 'Rejected', status: 'UNPROCESSABLE_ENTITY' },
});

/** The items of a list, which is a list or, if the query names a page, an object. */
export const itemsOf = <T>(answer: readonly T[] | { data: readonly T[] } | undefined): readonly T[] =>
  answer === undefined ? [] : 'data' in answer ? answer.data : answer;
