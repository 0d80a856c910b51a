import unitmath from 'unitmath/dist/UnitMath.js';
import type { UnitDefinition, UnitFactory } from 'unitmath/dist/UnitMath.js';
import { listCurrencies } from './currencies';
import { ONE, Rational, ZERO } from './rational';

/** One unit symbol in base units: baseValue = value * factor + offset. */
export interface SymbolMeaning {
  readonly factor: Rational;
  readonly offset: Rational;
  /** Exponents of the base quantities. */
  readonly dimension: readonly number[];
}

/** The base quantities of unitmath (mass, length and so on) come first in a dimension. */
const FIRST_CURRENCY_INDEX = unitmath.definitions().baseQuantities.length;

/** Units of the energy field that unitmath does not have, or has with rounded factors. */
const extraUnits: Record<string, UnitDefinition<Rational>> = {
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
  d: { value: '24 h' },
  yr: { value: '1 year' },
  ha: { value: '1 hectare' },
  knot: { value: ['463/900', 'm/s'], aliases: ['knots', 'kn'] },
  degR: { value: ['5/9', 'K'], aliases: ['rankine', 'R'] },
  degF: { value: ['5/9', 'K'], offset: '459.67', aliases: ['fahrenheit'] },
};

const currencyPrefixes = new Map([
  ['', ONE],
  ['k', Rational.of(1_000n)],
  ['M', Rational.of(1_000_000n)],
  ['G', Rational.of(1_000_000_000n)],
]);
const currencyPattern = /^([kMG]?)([A-Z]{3})$/;

/** Cache of known symbols with prefixes. Unknown symbols are not cached. */
const MAX_CACHED_SYMBOLS = 2_000;
const meanings = new Map<string, SymbolMeaning>();

let table: UnitFactory<Rational> | undefined;
let currencies: ReadonlyMap<string, number> | undefined;

/** Finds a symbol such as `kWh`, `degC` or `EUR`, with an optional prefix; undefined if it is unknown. */
export function findSymbol(symbol: string): SymbolMeaning | undefined {
  const known = meanings.get(symbol);
  if (known !== undefined) return known;
  const meaning = findCurrency(symbol) ?? findPhysical(symbol);
  if (meaning === undefined) return undefined;
  if (meanings.size >= MAX_CACHED_SYMBOLS) meanings.clear();
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
  return { factor: one.getNormalizedValue().minus(offset), offset, dimension: one.dimension };
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
function createTable(): UnitFactory<Rational> {
  return unitmath.config<Rational>({
    prefix: 'never',
    simplify: 'never',
    type: {
      conv: toRational,
      clone: (value) => value,
      add: (a, b) => a.plus(b),
      sub: (a, b) => a.minus(b),
      mul: (a, b) => a.times(b),
      div: (a, b) => a.over(b),
      pow: (a, b) => a.power(b.toNumber()),
    },
    definitions: { units: extraUnits },
  });
}

/** Converts the numbers of unitmath: they are short decimals, so their text is exact. */
function toRational(value: unknown): Rational {
  const rational = value instanceof Rational ? value : Rational.parse(String(value));
  if (rational === undefined) throw new TypeError(`Not a number: ${String(value)}`);
  return rational;
}
