import golden from './site-cases.json';

export type Words = Record<string, unknown>;

/** A site in the words of users, with its schedule worked out by hand; see the note in test/golden/site-cases.json. */
export interface SiteCase {
  id: string;
  /** `context:<field>`, `<device>:<field>` or `attributes:<device or site>:<name>`. */
  fields: string[];
  step: string;
  steps: number;
  flexContext: Words;
  contextAttributes?: Words;
  flexModels: (Words & { name: string })[];
  attributes?: Record<string, Words>;
  storageTypes?: string[];
  inflexible?: number[];
  expected: {
    power?: Record<string, number[]>;
    net?: number[];
    cost: number;
    commitments?: Record<string, number>;
  };
  /** What to give a field instead of leaving it out, where it cannot be left out. */
  variants?: Record<string, unknown>;
}

export const SITE_CASES_START = golden.start;
export const siteCases = golden.cases as unknown as SiteCase[];

/** Each case with each of its fields. */
export const siteCaseFields: [string, string, SiteCase][] = siteCases.flatMap((one) =>
  one.fields.map((field): [string, string, SiteCase] => [one.id, field, one]),
);

/** The case with one field left out, or given as its variant says. */
export function changed(one: SiteCase, field: string): SiteCase {
  const copy = structuredClone(one);
  const [group, name, attribute] = field.split(':') as [string, string, string?];
  const words = wordsOf(copy, group, name);
  const key = attribute ?? name;
  if (!words || !(key in words)) throw new Error(`Case ${one.id} does not have ${field}.`);
  if (one.variants && field in one.variants) words[key] = one.variants[field];
  else Reflect.deleteProperty(words, key);
  return copy;
}

function wordsOf(one: SiteCase, group: string, name: string): Words | undefined {
  if (group === 'context') return one.flexContext;
  if (group !== 'attributes') return one.flexModels.find((model) => model.name === group);
  return name === 'site' ? one.contextAttributes : one.attributes?.[name];
}
