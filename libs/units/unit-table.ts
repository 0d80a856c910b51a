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

/** Energy units and others of our field that unitmath does not know, or knows with rounded numbers. */
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

const currencyPrefixes = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

let table: UnitFactory<Rational> | undefined;

/** The meaning of a symbol such as `kWh`, `degC` or `EUR`, prefix included; undefined when there is none. */
export function findSymbol(symbol: string): SymbolMeaning | undefined {
  table ??= createTable();
  if (!table.exists(symbol)) return undefined;
  const one = table(ONE, symbol);
  const offset = table(ZERO, symbol).getNormalizedValue();
  return { factor: one.getNormalizedValue().minus(offset), offset, dimension: one.dimension };
}

/** The positions of the currencies among the exponents of a dimension. */
export function findCurrencyIndexes(): number[] {
  table ??= createTable();
  const names = table.definitions().baseQuantities;
  return names.flatMap((name, i) => (name.startsWith('CURRENCY_') ? [i] : []));
}

/** Building the table takes some milliseconds, so it waits for the first unit that is asked for. */
function createTable(): UnitFactory<Rational> {
  const currencies = listCurrencies();
  const currencyUnits = currencies.map((code): [string, UnitDefinition<Rational>] => [
    code,
    // Each currency is a dimension of its own, so that none converts into another.
    { quantity: `CURRENCY_${code}`, value: 1, prefixes: 'CURRENCY' },
  ]);
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
    definitions: {
      baseQuantities: currencies.map((code) => `CURRENCY_${code}`),
      prefixes: { CURRENCY: currencyPrefixes },
      units: { ...extraUnits, ...Object.fromEntries(currencyUnits) },
    },
  });
}

/** unitmath's own numbers are short decimals, so their text is what was meant. */
function toRational(value: unknown): Rational {
  const rational = value instanceof Rational ? value : Rational.parse(String(value));
  if (rational === undefined) throw new TypeError(`Not a number: ${String(value)}`);
  return rational;
}
