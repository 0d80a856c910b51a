import { attributeNames, findFlexField, type FlexGroup, isInAttributes } from './fields';
import { isRecord } from './values/variable-quantity';

/** A value of a field, and the name under which it was found. */
export interface FoundField {
  name: string;
  value: unknown;
}

/** Names of the attributes with all fields of a group, with underscores. */
const UNDERSCORED: Readonly<Record<FlexGroup, string>> = {
  'flex-model': 'flex_model',
  'flex-context': 'flex_context',
};

/**
 * Finds the value of a field: in the request, or else in attributes. An attribute `flex-model` or `flex-context` comes
 * first, then attributes with the name of the field, with hyphens or underscores, then the older name of the attribute.
 * Some fields are never in attributes, such as sensors that schedules write to.
 * @returns undefined if there is no value
 */
export function findField(
  group: FlexGroup,
  name: string,
  given: Record<string, unknown>,
  attributes: Record<string, unknown>,
): FoundField | undefined {
  if (isGiven(given[name])) return { name, value: given[name] };
  const field = findFlexField(group, name);
  if (field && !isInAttributes(field)) return undefined;
  const stored = attributes[group] ?? attributes[UNDERSCORED[group]];
  if (isRecord(stored) && isGiven(stored[name])) return { name, value: stored[name] };
  for (const attribute of field ? attributeNames(name, field) : []) {
    const value = attributes[attribute];
    if (!isGiven(value)) continue;
    const unit = field?.attribute?.name === attribute ? field.attribute.unit : undefined;
    const isBare = typeof value === 'number' && unit !== undefined;
    return { name: attribute, value: isBare ? `${value} ${unit}` : value };
  }
  return undefined;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
