import { describeSource } from '#lib/charts/model';
import { SOURCE_TYPES, type OwnedSource } from '#lib/sensors';

/** A data source as a response of the API. */
export const toSourceDetails = (source: OwnedSource) => ({
  id: source.id,
  name: source.name,
  type: source.type,
  model: source.model,
  version: source.version,
  description: describeSource(source).description,
  account_id: source.accountId,
  user_id: source.userId,
});

/** Data sources with the types that there are: the usual ones, then others by name. */
export function toSourceList(sources: OwnedSource[]) {
  const usual: readonly string[] = SOURCE_TYPES;
  const others = new Set(sources.map(({ type }) => type).filter((type) => !usual.includes(type)));
  return { types: [...usual, ...[...others].sort()], sources: sources.map(toSourceDetails) };
}
