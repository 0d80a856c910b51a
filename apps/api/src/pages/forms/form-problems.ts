import type { Request } from 'express';
import { toApiError } from '../../http/server/to-api-error';

/** What is wrong with a form that was sent. */
export interface FormProblems {
  status: number;
  headers: Record<string, string>;
  /** About the form as a whole, or about what is no field of it; undefined if each reason has a field. */
  problem?: string;
  /** Reasons by name of the field. */
  reasons: Record<string, string>;
}

/** Statuses of errors after which the form is shown again. */
const SHOWN = [400, 403, 409, 413, 422, 429, 503];

/**
 * Explains an error at the fields of a form.
 * @param known names of the fields of the form; reasons about parts of a field are shown at it
 * @param fields names of the fields of the form by those of the API, as far as they differ
 * @throws the error itself, if it is not about what was sent
 */
export function formProblems(
  error: unknown,
  request: Request,
  known: readonly string[],
  fields: Readonly<Record<string, string>> = {},
): FormProblems {
  const failure = toApiError(error, request);
  if (!failure || !SHOWN.includes(failure.httpStatus)) throw error;
  const { httpStatus: status, headers, body } = failure;
  const names = { ...Object.fromEntries(known.map((name) => [name, name])), ...fields };
  const all = reasonsIn(body.message).map(([path, reason]): [string, string] => [
    fieldOf(path, names),
    reason,
  ]);
  const isKnown = ([field]: [string, string]): boolean => known.includes(field);
  const others = all.filter((entry) => !isKnown(entry));
  return {
    ...{ status, headers, reasons: Object.fromEntries(all.filter(isKnown)) },
    problem:
      others.length === 0
        ? undefined
        : others.map(([field, reason]) => (field === '' ? reason : `${field}: ${reason}`)).join(' '),
  };
}

/** The name of the field in the form: that of the longest path that it is at or below. */
function fieldOf(path: string, fields: Readonly<Record<string, string>>): string {
  const found = Object.keys(fields)
    .filter((name) => path === name || path.startsWith(`${name}.`))
    .sort((one, other) => other.length - one.length)[0];
  return found === undefined ? path : fields[found]!;
}

/** Reasons by path of a message such as `{ json: { 'soc-at-start': ['reason'] } }`; of a sentence with an empty path. */
function reasonsIn(message: unknown): [path: string, reason: string][] {
  if (typeof message === 'string') return [['', message]];
  if (!isRecord(message)) return [];
  return Object.values(message).flatMap((place) =>
    isRecord(place) ? flat(place) : [['', textOf(place)] as [string, string]],
  );
}

function flat(reasons: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(reasons).flatMap(([name, reason]): [string, string][] => {
    const path = name === '_schema' ? prefix.slice(0, -1) : prefix + name;
    return isRecord(reason) ? flat(reason, `${path}.`) : [[path, textOf(reason)]];
  });
}

const textOf = (reason: unknown): string => (Array.isArray(reason) ? reason.join(' ') : String(reason));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
