/** A data source as charts show it. */
export interface ShownSource {
  id: number;
  name: string;
  /** With its version; empty without one. */
  model: string;
  /** For instance `user` or `scheduling script`. */
  type: string;
  /** Name and model in words, for legends. */
  description: string;
}

/** What is stored of a source. */
export interface StoredSource {
  id: number;
  name: string;
  type: string;
  model: string | null;
  version: string | null;
}

/** Puts a source in the words of legends and tooltips. */
export function shownSource({ id, name, type, model, version }: StoredSource): ShownSource {
  const label = [model, version && `(v${version})`].filter(Boolean).join(' ');
  return { id, name, model: label, type, description: label === '' ? name : `${name}'s ${label} model` };
}
