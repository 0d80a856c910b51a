import { isRecord, seriesFormOf, type FlexGroup } from '#lib/scheduling/model/flex';
import type { SiteBody } from '../plans/starting-conditions';
import { fieldsOfGroup, formName, GROUPS, type Flexibility } from './flexibility-form';

/**
 * Tells series of values, which hold for certain days and cannot be stored, from everything else. A dry run takes them as a
 * request for a schedule does.
 */
export function splitSeries(values: Flexibility): { lasting: Flexibility; passing: Flexibility } {
  const lasting: Flexibility = { 'flex-model': {}, 'flex-context': {} };
  const passing: Flexibility = { 'flex-model': {}, 'flex-context': {} };
  for (const group of GROUPS) {
    const fields = new Map(fieldsOfGroup(group));
    for (const [name, value] of Object.entries(values[group])) {
      const field = fields.get(name);
      const isPassing = field !== undefined && seriesFormOf(field, '').hasValues && isSeries(value);
      (isPassing ? passing : lasting)[group][name] = value;
    }
  }
  return { lasting, passing };
}

/** Whether a value is a list of values with times. */
const isSeries = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  (value as unknown[]).every((entry) => isRecord(entry) && ('start' in entry || 'datetime' in entry));

/**
 * Adds series to a request for a plan.
 * @param assetId of the device that they are about
 * @param nameOf names of fields of the form
 * @returns names of fields of the form by those of the request
 */
export function addSeries(
  body: SiteBody,
  assetId: number,
  passing: Flexibility,
  nameOf: (group: FlexGroup, name: string) => string = formName,
): Record<string, string> {
  const names: Record<string, string> = {};
  const { 'flex-model': model, 'flex-context': context } = passing;
  const models = body['flex-model'] as ({ asset: number } & Record<string, unknown>)[];
  if (Object.keys(model).length > 0) {
    const at = models.findIndex(({ asset }) => asset === assetId);
    const index = at < 0 ? models.length : at;
    const device = models[index] ?? { asset: assetId };
    // A state of charge to reach may stand beside the rows.
    const own = Object.entries(model).map(([name, rows]): [string, unknown] => [
      name,
      [...((device[name] as unknown[] | undefined) ?? []), ...(rows as unknown[])],
    ]);
    models[index] = { ...device, ...Object.fromEntries(own) };
    for (const name of Object.keys(model)) names[`flex-model.${index}.${name}`] = nameOf('flex-model', name);
  }
  if (Object.keys(context).length > 0) body['flex-context'] = { ...body['flex-context'], ...context };
  for (const name of Object.keys(context)) names[`flex-context.${name}`] = nameOf('flex-context', name);
  return names;
}
