/** The built-in asset types. The order gives them the same ids as in existing installations. */
export const DEFAULT_ASSET_TYPES: [name: string, description: string][] = [
  ['solar', 'solar panel(s)'],
  ['wind', 'wind turbine'],
  ['one-way_evse', 'uni-directional Electric Vehicle Supply Equipment'],
  ['two-way_evse', 'bi-directional Electric Vehicle Supply Equipment'],
  ['battery', 'stationary battery'],
  ['building', 'building'],
  ['process', 'process'],
];
