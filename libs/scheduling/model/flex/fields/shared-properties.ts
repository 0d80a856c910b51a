/** What all capacities have in common, of devices and of the site. */
export const CAPACITY = {
  type: 'variable-quantity',
  measure: 'power',
  range: { minimum: 0 },
  precedence: 'lowest',
  isAddition: true,
} as const;

/** What all sensors that record planned power have in common. */
export const OUTPUT = { type: 'output-sensor', measure: 'power', isAddition: true } as const;
