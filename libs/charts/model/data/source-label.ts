/** A data source in a chart. */
export interface ShownSource {
  id: number;
  name: string;
  /** Model and version; empty if the source has no model. */
  model: string;
  /** For instance `user` or `scheduling script`. */
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

/** Describes a source for legends and tooltips. */
export function describeSource({ id, name, type, model, version }: StoredSource): ShownSource {
  const label = [model, version && `(v${version})`].filter(Boolean).join(' ');
  return { id, name, model: label, type, description: label === '' ? name : `${name}'s ${label} model` };
}
