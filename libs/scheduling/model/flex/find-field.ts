import { attributeNames, findFlexField, type FlexGroup } from './fields';
import { isRecord } from './variable-quantity';

/** A value of a field, and the name under which it was found. */
export interface FoundField {
  name: string;
  value: unknown;
}

/**
 * Finds the value of a field: in the request, or else in attributes. An attribute `flex-model` or `flex-context` comes
 * first, then attributes with the name of the field, with hyphens or underscores, then the older name of the attribute.
 * @returns undefined if there is no value
 */
export function findField(
  group: FlexGroup,
  name: string,
  given: Record<string, unknown>,
  attributes: Record<string, unknown>,
): FoundField | undefined {
  const field = findFlexField(group, name);
  const stored = attributes[group] ?? attributes[group.replace('-', '_')];
  const places: FoundField[] = [
    { name, value: given[name] },
    { name, value: isRecord(stored) ? stored[name] : undefined },
  ];
  for (const attribute of field ? attributeNames(name, field) : []) {
    const unit = field?.attribute?.name === attribute ? field.attribute.unit : undefined;
    const value = attributes[attribute];
    const isBare = typeof value === 'number' && unit !== undefined;
    places.push({ name: attribute, value: isBare ? `${value} ${unit}` : value });
  }
  return places.find(({ value }) => value !== undefined && value !== null);
}
