/** What all capacities have in common, of devices and of the site. */
export const CAPACITY = {
  type: 'variable-quantity',
  measure: 'power',
  range: { minimum: 0 },
  precedence: 'lowest',
  isAddition: true,
} as const;
