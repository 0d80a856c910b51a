/** The asset types of a new platform, in the order in which existing installations number them. */
export const DEFAULT_ASSET_TYPES: [name: string, description: string][] = [
  ['solar', 'solar panel(s)'],
  ['wind', 'wind turbine'],
  ['one-way_evse', 'uni-directional Electric Vehicle Supply Equipment'],
  ['two-way_evse', 'bi-directional Electric Vehicle Supply Equipment'],
  ['battery', 'stationary battery'],
  ['building', 'building'],
  ['process', 'process'],
];
