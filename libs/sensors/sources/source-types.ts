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

/** Types of sources whose beliefs are never measurements. */
export const COMPUTED_SOURCE_TYPES: string[] = ['forecasting script', 'scheduling script'];
