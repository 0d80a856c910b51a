/** Types of generation with their codes in documents (`psrType`). */
export const GENERATION_TYPES: Readonly<Record<string, string>> = {
  B01: 'biomass',
  B02: 'brown coal',
  B03: 'coal-derived gas',
  B04: 'gas',
  B05: 'hard coal',
  B06: 'oil',
  B07: 'oil shale',
  B08: 'peat',
  B09: 'geothermal',
  B10: 'pumped storage',
  B11: 'run of river',
  B12: 'water reservoir',
  B13: 'marine',
  B14: 'nuclear',
  B15: 'other renewable',
  B16: 'solar',
  B17: 'waste',
  B18: 'offshore wind',
  B19: 'onshore wind',
  B20: 'other',
  B25: 'energy storage',
};

/** Types that also consume power. */
export const STORAGE_TYPES: readonly string[] = ['B10', 'B25'];

/**
 * The codes of a list of types by name or code, such as `solar,onshore wind,B14`; `all` means all of them.
 * @throws Error if there is no such type
 */
export function readGenerationTypes(text: string): string[] {
  const codes = Object.keys(GENERATION_TYPES);
  if (text.trim().toLowerCase() === 'all') return codes;
  return text.split(',').map((part) => {
    const name = part.trim().toLowerCase().replaceAll(/[-_]/g, ' ');
    const isMeant = (code: string): boolean =>
      code.toLowerCase() === name || GENERATION_TYPES[code]!.replaceAll('-', ' ') === name;
    const code = codes.find(isMeant);
    if (code !== undefined) return code;
    throw new Error(
      `There is no type ${part.trim()}: give all, or some of ${Object.values(GENERATION_TYPES).join(', ')}.`,
    );
  });
}
