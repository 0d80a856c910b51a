/** Types of data sources that commands, jobs and users create. */
export const SOURCE_TYPES = [
  'user',
  'forecasting script',
  'scheduling script',
  'reporter',
  'demo script',
  'CLI script',
  'crawling script',
] as const;

/** Names that FlexMeasures of 2026 has for types. */
const NEWER_NAMES: Readonly<Record<string, string>> = {
  forecaster: 'forecasting script',
  scheduler: 'scheduling script',
};

/** The type with this name, which may be that of FlexMeasures of 2026. */
export const sourceTypeNamed = (name: string): string => NEWER_NAMES[name] ?? name;

/** Types of sources whose beliefs are never measurements. */
export const COMPUTED_SOURCE_TYPES: string[] = ['forecasting script', 'scheduling script'];
