import type { FlexGroup } from '.';

/**
 * What a schedule does about a field that it does not know yet: `left out`, which changes no limit and no load, and the
 * answer says so, or `refused`, because the schedule would be wrong without it.
 */
export type LaterUse = 'left out' | 'refused';

/**
 * Fields of FlexMeasures of 2026 that assets can store, although the schedulers do not know them yet. A field that gets an
 * entry in the table of fields leaves this list.
 */
export const LATER_FIELDS: Readonly<Record<FlexGroup, Readonly<Record<string, LaterUse>>>> = {
  'flex-model': {},
  'flex-context': {},
};

/** What a schedule does about a field that is not in the table; undefined for unknown fields. */
export const findLaterField = (group: FlexGroup, name: string): LaterUse | undefined =>
  Object.hasOwn(LATER_FIELDS[group], name) ? LATER_FIELDS[group][name] : undefined;
