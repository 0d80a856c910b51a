import { LRUCache } from 'lru-cache';
import { shown } from '#lib/errors';
import { Fraction, isPowerWithin, ONE, parseFraction, ZERO } from './fraction';
import { divide, multiply, numberUnit, ParsedUnit, raise } from './parsed-unit';
import { UnitError } from './unit-error';
import { findSymbol } from './unit-table';

/** Maximum length of a unit. */
export const MAX_UNIT_LENGTH = 100;
const MAX_POWER = 20;
/** Limit of factors, as powers of powers could have millions of digits. No physical unit is this large or small. */
const MAX_FACTOR = 10n ** 400n;
const MAX_CACHED_UNITS = 2_000;

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const symbolsOfSigns = new Map([
  ['%', 'percent'],
  ['‰', 'permille'],
  ['°', 'deg'],
  ['°C', 'degC'],
  ['℃', 'degC'],
  ['°F', 'degF'],
  ['℉', 'degF'],
]);
const tokenPattern =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(°[CF]?|[%‰℃℉€£]|[A-Za-zµμΩΩ][\wµμΩΩ]*)|(\*\*|[-+*/^()·⋅×]))\s*/y;

const cache = new LRUCache<string, ParsedUnit>({ max: MAX_CACHED_UNITS });

/**
 * Reads a unit expression: products (`kW h`, `kW*h`, `kW·h`), quotients from left to right, parentheses, integer powers
 * (`m²`, `m^2`, `m**2`), and scale factors and signs (`100km`, `-W`). The empty unit is the number one.
 *
 * @throws UnitError INVALID_UNIT
 */
export function parseUnit(text: string): ParsedUnit {
  if (text.length > MAX_UNIT_LENGTH)
    throw invalid(text, ` A unit has at most ${MAX_UNIT_LENGTH} characters.`);
  const known = cache.get(text);
  if (known !== undefined) return known;
  const unit = new UnitReader(text).read();
  cache.set(text, unit);
  return unit;
}

/** Recursive descent over the tokens of one unit expression. */
class UnitReader {
  private tokens: { kind: 'number' | 'symbol' | 'sign'; text: string }[] = [];
  private next = 0;

  constructor(private readonly text: string) {}

  read(): ParsedUnit {
    if (this.text.trim() === '') return numberUnit(ONE);
    this.tokens = this.tokenize();
    const isNegative = this.accept('-');
    const unit = this.readProduct();
    if (this.next < this.tokens.length || unit.factor.equals(ZERO)) throw this.invalid();
    return isNegative ? multiply(numberUnit(new Fraction(-1)), unit) : unit;
  }

  private tokenize(): typeof this.tokens {
    const source = this.text.replace(/⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (power) =>
      Array.from(power, (sign) => (sign === '⁻' ? '^-' : superscripts.indexOf(sign)))
        .join('')
        .replace(/^(?!\^)/, '^'),
    );
    const tokens: typeof this.tokens = [];
    tokenPattern.lastIndex = 0;
    while (tokenPattern.lastIndex < source.length) {
      const match = tokenPattern.exec(source);
      if (match === null) throw this.invalid();
      const [, number, symbol, sign] = match;
      if (number !== undefined) tokens.push({ kind: 'number', text: number });
      else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
      else tokens.push({ kind: 'sign', text: sign! });
    }
    return tokens;
  }

  private readProduct(): ParsedUnit {
    let product = this.readPower();
    for (;;) {
      if (this.accept('/')) product = this.bounded(divide(product, this.readPower()));
      else if (this.accept('*', '·', '⋅', '×') || this.startsFactor())
        product = this.bounded(multiply(product, this.readPower()));
      else return product;
    }
  }

  private readPower(): ParsedUnit {
    const base = this.readFactor();
    if (!this.accept('^', '**')) return base;
    const sign = this.accept('-') ? -1 : 1;
    const power = Number(this.take('number'));
    if (!Number.isInteger(power) || power > MAX_POWER) throw this.invalid();
    if (!isPowerWithin(base.factor, power, MAX_FACTOR)) throw this.invalid();
    return raise(base, sign * power);
  }

  private readFactor(): ParsedUnit {
    if (this.accept('(')) {
      const inner = this.readProduct();
      if (!this.accept(')')) throw this.invalid();
      return inner;
    }
    if (this.tokens[this.next]?.kind === 'number') {
      const factor = parseFraction(this.take('number'));
      if (factor === undefined || factor.equals(ZERO)) throw this.invalid();
      return this.bounded(numberUnit(factor));
    }
    const sign = this.take('symbol');
    const symbol = symbolsOfSigns.get(sign) ?? sign.replace(/[µμ]/g, 'u').replace(/[ΩΩ]/g, 'ohm');
    const meaning = findSymbol(symbol);
    if (meaning === undefined) throw this.invalid();
    return { ...meaning, isNumber: false };
  }

  private startsFactor(): boolean {
    const token = this.tokens[this.next];
    if (token === undefined || token.text === '%' || token.text === '‰') return false;
    return token.kind !== 'sign' || token.text === '(';
  }

  private accept(...signs: string[]): boolean {
    const token = this.tokens[this.next];
    if (token?.kind !== 'sign' || !signs.includes(token.text)) return false;
    this.next++;
    return true;
  }

  private take(kind: 'number' | 'symbol'): string {
    const token = this.tokens[this.next];
    if (token?.kind !== kind) throw this.invalid();
    this.next++;
    return token.text;
  }

  private bounded(unit: ParsedUnit): ParsedUnit {
    if (!isPowerWithin(unit.factor, 1, MAX_FACTOR)) throw this.invalid();
    return unit;
  }

  private invalid(): UnitError {
    return invalid(this.text);
  }
}

const invalid = (text: string, advice = ''): UnitError =>
  new UnitError('INVALID_UNIT', `"${shown(text)}" is not a valid unit.${advice}`);
