import { JsonTextError, readJsonText } from '../forms/json-text';

/** What a person types to describe an asset; empty texts mean no value. */
export interface AssetForm {
  name: string;
  generic_asset_type_id: string;
  account_id: string;
  parent_asset_id: string;
  latitude: string;
  longitude: string;
  description: string;
  /** One panel per line: ids of sensors, perhaps after a title and a colon. Or a list as JSON. */
  sensors_to_show: string;
  /** JSON. */
  attributes: string;
}

export const ASSET_FIELDS = [
  'name',
  'generic_asset_type_id',
  'account_id',
  'parent_asset_id',
  'latitude',
  'longitude',
  'description',
  'sensors_to_show',
  'attributes',
] as const satisfies (keyof AssetForm)[];

/** A problem of a field that the form itself finds, because the API gets another form of it. */
export class FieldProblem extends Error {
  constructor(
    readonly field: keyof AssetForm,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The form as a request of the API. What is no number stays a text, so that the API tells what is wrong with it.
 * @throws FieldProblem for attributes that are no JSON, and for graphs that cannot be read
 */
export function toAssetBody(form: Partial<AssetForm>): Record<string, unknown> {
  const { name, description, attributes, sensors_to_show: shown } = form;
  return {
    ...(name !== undefined && { name }),
    ...numbers(form, ['generic_asset_type_id', 'account_id']),
    ...nullableNumbers(form, ['parent_asset_id', 'latitude', 'longitude']),
    ...(description !== undefined && { description: description === '' ? null : description }),
    ...(shown !== undefined && { sensors_to_show: readPanels(shown) }),
    ...(attributes !== undefined && { attributes: readAttributes(attributes) }),
  };
}

const toNumber = (text: string): number | string =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

const numbers = (form: Partial<AssetForm>, names: readonly (keyof AssetForm)[]) =>
  Object.fromEntries(names.flatMap((name) => (form[name] ? [[name, toNumber(form[name])]] : [])));

const nullableNumbers = (form: Partial<AssetForm>, names: readonly (keyof AssetForm)[]) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = form[name];
      return text === undefined ? [] : [[name, text.trim() === '' ? null : toNumber(text)]];
    }),
  );

function readAttributes(text: string): unknown {
  try {
    return readJsonText(text);
  } catch (error) {
    throw error instanceof JsonTextError ? new FieldProblem('attributes', error.message) : error;
  }
}

/** Panels as lines. @returns undefined if there are panels that lines cannot express */
function panelLines(shown: readonly unknown[]): string | undefined {
  const lines = shown.map(lineOf);
  return lines.every((line) => line !== undefined) ? lines.join('\n') : undefined;
}

function lineOf(entry: unknown): string | undefined {
  if (typeof entry === 'number') return String(entry);
  if (Array.isArray(entry)) return entry.every((id) => typeof id === 'number') ? entry.join(', ') : undefined;
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { title, sensor, sensors, ...rest } = entry as Record<string, unknown>;
  const ids = lineOf(sensors ?? sensor);
  if (ids === undefined || ids === '' || Object.keys(rest).length > 0) return undefined;
  if (title == null) return ids;
  return typeof title === 'string' && !/[:\n]/.test(title) ? `${title}: ${ids}` : undefined;
}

/** Panels as a form shows them: lines or, for those that lines cannot express, JSON. */
export const panelText = (shown: readonly unknown[]): string =>
  panelLines(shown) ?? JSON.stringify(shown, undefined, 2);

function readPanels(text: string): unknown {
  if (!text.trim().startsWith('[')) return readPanelLines(text);
  try {
    return readJsonText(text);
  } catch (error) {
    throw error instanceof JsonTextError ? new FieldProblem('sensors_to_show', error.message) : error;
  }
}

function readPanelLines(text: string): unknown[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.lastIndexOf(':');
      const title = at < 0 ? undefined : line.slice(0, at).trim();
      const ids = line
        .slice(at + 1)
        .split(',')
        .map((id) => id.trim());
      if (!ids.every((id) => /^\d{1,10}$/.test(id)))
        throw new FieldProblem(
          'sensors_to_show',
          `'${line}' is not a list of ids of sensors, such as "3" or "Power: 2, 5".`,
        );
      const sensors = ids.map(Number);
      if (title !== undefined) return { title, sensors };
      return sensors.length === 1 ? sensors[0] : sensors;
    });
}
