import { JsonShape, type ShapeLimits } from '../bodies/json-shape';
import { isMapping } from './field';
import { isStorable, type Kind, type Schema } from './kinds';

/** Limits of JSON in a text, which the limits of bodies do not see. */
const IN_TEXT: ShapeLimits = { depth: 100, values: 20_000, strings: 20_000, parts: 20_000 };

export const NOT_JSON = 'Not a valid JSON string.';

/** JSON that is sent as it is or as text, as older clients do. It is read as it is. */
const json = (schema: Schema, isValid: (value: unknown) => boolean, otherwise: string): Kind => ({
  schema: { oneOf: [{ type: 'string', contentMediaType: 'application/json' }, schema] },
  explain: (value) => {
    // Text that could be parsed was parsed.
    if (typeof value === 'string') return excessOf(value) ?? NOT_JSON;
    if (!isValid(value)) return otherwise;
    return isStorable(value, IN_TEXT.depth) ? undefined : NOT_JSON;
  },
  readWhole: parsed,
});

/** A JSON object, as it is or as text. @param otherwise the reason against other JSON */
export const jsonObject = (otherwise = 'Not a valid mapping.'): Kind =>
  json({ type: 'object', additionalProperties: true }, isMapping, otherwise);

/** A JSON list, as it is or as text. */
export const jsonList = (): Kind => json({ type: 'array', items: {} }, Array.isArray, 'Not a valid list.');

/** A text that contains JSON, in answers. */
export const jsonText = (): Kind => ({
  schema: { type: 'string', contentMediaType: 'application/json' },
  explain: () => undefined,
});

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || new JsonShape(IN_TEXT).add(Buffer.from(value)) !== undefined) return value;
  try {
    const content: unknown = JSON.parse(value);
    // A text with a text inside would look like one that could not be parsed.
    return typeof content === 'string' ? value : content;
  } catch {
    return value;
  }
}

function excessOf(text: string): string | undefined {
  const excess = new JsonShape(IN_TEXT).add(Buffer.from(text));
  return excess === undefined || excess === 'depth'
    ? undefined
    : `Must not have more than ${IN_TEXT[excess]} values.`;
}
