/** A data source in a chart. */
export interface ShownSource {
  id: number;
  name: string;
  /** Model and version; empty if the source has no model. */
  model: string;
  /** For instance `user` or `scheduler`. */
  type: string;
  /** Name and model, for legends. */
  description: string;
}

/** The stored fields of a data source. */
export interface StoredSource {
  id: number;
  name: string;
  type: string;
  model: string | null;
  version: string | null;
}

/** Names that clients of today know. */
const SHOWN_TYPES: Record<string, string> = {
  'forecasting script': 'forecaster',
  'scheduling script': 'scheduler',
};

/** Types of sources whose beliefs are never measurements, as charts show them. */
export const COMPUTED_TYPES = Object.values(SHOWN_TYPES);

/** Describes a source for legends and tooltips. */
export function describeSource({ id, name, type, model, version }: StoredSource): ShownSource {
  const label = [model, version && `(v${version})`].filter(Boolean).join(' ');
  return {
    ...{ id, name, model: label, type: SHOWN_TYPES[type] ?? type },
    description: label === '' ? name : `${name}'s ${label} model`,
  };
}
