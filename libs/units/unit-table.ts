import { LRUCache } from 'lru-cache';
import unitmath from 'unitmath/dist/UnitMath.js';
import type { UnitDefinition, UnitFactory } from 'unitmath/dist/UnitMath.js';
import { listCurrencies } from './currencies';
import { Fraction, ONE, parseFraction, ZERO } from './fraction';

/** One unit symbol in base units: baseValue = value * factor + offset. */
export interface SymbolMeaning {
  readonly factor: Fraction;
  readonly offset: Fraction;
  /** Exponents of the base quantities. */
  readonly dimension: readonly number[];
}

/** The base quantities of unitmath (mass, length and so on) come first in a dimension. */
const FIRST_CURRENCY_INDEX = unitmath.definitions().baseQuantities.length;

/** Units of the energy field that unitmath does not have, or has with rounded factors. */
const extraUnits: Record<string, UnitDefinition<Fraction>> = {
  watthour: { value: '1 Wh', prefixes: 'LONG', aliases: ['watthours'] },
  // International Energy Agency: 41.868 GJ.
  toe: { value: '41.868e9 J', prefixes: 'SHORT' },
  therm: { value: '100000 BTU', aliases: ['therms'] },
  VAh: { value: '1 Wh', prefixes: 'SHORT' },
  var: { value: '1 W', prefixes: 'SHORT', aliases: ['VAr'] },
  varh: { value: '1 Wh', prefixes: 'SHORT', aliases: ['VArh'] },
  Ah: { value: '1 A h', prefixes: 'SHORT' },
  percent: { quantity: 'UNITLESS', value: 0.01 },
  permille: { quantity: 'UNITLESS', value: 0.001 },
  ppm: { quantity: 'UNITLESS', value: 1e-6 },
  dimensionless: { quantity: 'UNITLESS', value: 1 },
  count: { quantity: 'UNITLESS', value: 1, aliases: ['counts'] },
  // The peak power of solar panels is a power.
  Wp: { value: '1 W', prefixes: 'SHORT' },
  d: { value: '24 h' },
  yr: { value: '1 year' },
  ha: { value: '1 hectare' },
  knot: { value: ['463/900', 'm/s'], aliases: ['knots', 'kn'] },
  degR: { value: ['5/9', 'K'], aliases: ['rankine', 'R'] },
  degF: { value: ['5/9', 'K'], offset: '459.67', aliases: ['fahrenheit'] },
};

const currencyPrefixes = new Map([
  ['', ONE],
  ['c', new Fraction(1, 100)],
  ['m', new Fraction(1, 1_000)],
  ['k', new Fraction(1_000)],
  ['M', new Fraction(1_000_000)],
  ['G', new Fraction(1_000_000_000)],
]);
const currencyPattern = /^([cmkMG]?)([A-Z]{3})$/;

/** Signs and names of currencies and their hundredths that tariffs use. */
const currencyNames = new Map([
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['ct', 'cEUR'],
  ['cent', 'cEUR'],
  ['cents', 'cEUR'],
  ['p', 'cGBP'],
]);

/** A mass of carbon dioxide, or of other gases with the same effect (CO2e), is a mass. */
const carbonPattern = /^([kMG]?g|t)CO2(?:e|eq)?$/;

/** Cache of known symbols with prefixes. Unknown symbols are not cached. */
const MAX_CACHED_SYMBOLS = 2_000;
const meanings = new LRUCache<string, SymbolMeaning>({ max: MAX_CACHED_SYMBOLS });

let table: UnitFactory<Fraction> | undefined;
let currencies: ReadonlyMap<string, number> | undefined;

/** Finds a symbol such as `kWh`, `degC` or `EUR`, with an optional prefix; undefined if it is unknown. */
export function findSymbol(symbol: string): SymbolMeaning | undefined {
  const known = meanings.get(symbol);
  if (known !== undefined) return known;
  const [, mass] = carbonPattern.exec(symbol) ?? [];
  const meaning = findCurrency(currencyNames.get(symbol) ?? symbol) ?? findPhysical(mass ?? symbol);
  if (meaning === undefined) return undefined;
  meanings.set(symbol, meaning);
  return meaning;
}

/** Whether the base quantity with this index is a currency. */
export function isCurrencyIndex(index: number): boolean {
  return index >= FIRST_CURRENCY_INDEX;
}

function findPhysical(symbol: string): SymbolMeaning | undefined {
  table ??= createTable();
  if (!table.exists(symbol)) return undefined;
  const one = table(ONE, symbol);
  const offset = table(ZERO, symbol).getNormalizedValue();
  return { factor: one.getNormalizedValue().sub(offset), offset, dimension: one.dimension };
}

/** Each currency is a separate base quantity, so that currencies cannot be converted to each other. */
function findCurrency(symbol: string): SymbolMeaning | undefined {
  const [, prefix = '', code = ''] = currencyPattern.exec(symbol) ?? [];
  currencies ??= new Map(listCurrencies().map((name, i) => [name, FIRST_CURRENCY_INDEX + i]));
  const index = currencies.get(code);
  const factor = currencyPrefixes.get(prefix);
  if (index === undefined || factor === undefined) return undefined;
  return { factor, offset: ZERO, dimension: [...new Array<number>(index).fill(0), 1] };
}

/** Reads the definitions of unitmath. This takes some milliseconds, so it is done for the first unit that is used. */
function createTable(): UnitFactory<Fraction> {
  return unitmath.config<Fraction>({
    prefix: 'never',
    simplify: 'never',
    type: {
      conv: toFraction,
      clone: (value) => value,
      add: (a, b) => a.add(b),
      sub: (a, b) => a.sub(b),
      mul: (a, b) => a.mul(b),
      div: (a, b) => a.div(b),
      pow: (a, b) => a.pow(b),
    },
    definitions: { units: extraUnits },
  });
}

/** Converts the numbers of unitmath: they are short decimals, so their text is exact. */
function toFraction(value: unknown): Fraction {
  const fraction = value instanceof Fraction ? value : parseFraction(String(value));
  if (fraction === undefined) throw new TypeError(`Not a number: ${String(value)}`);
  return fraction;
}
