/** The part of unitmath that this lib uses. Its main entry transpiles its sources on load; the bundle does not. */
declare module 'unitmath/dist/UnitMath.js' {
  export interface UnitDefinition<T> {
    value: T | string | number | readonly [T | string, string];
    quantity?: string;
    prefixes?: string;
    offset?: number | string;
    aliases?: readonly string[];
  }

  export interface Arithmetic<T> {
    conv(value: unknown): T;
    clone(value: T): T;
    add(a: T, b: T): T;
    sub(a: T, b: T): T;
    mul(a: T, b: T): T;
    div(a: T, b: T): T;
    pow(a: T, b: T): T;
  }

  export interface Unit<T> {
    /** Exponents of the base quantities, in the order of `definitions().baseQuantities`. */
    readonly dimension: readonly number[];
    /** The value in base units. */
    getNormalizedValue(): T;
  }

  export interface UnitFactory<T> {
    (value: T, unit: string): Unit<T>;
    exists(unit: string): boolean;
    definitions(): { baseQuantities: readonly string[] };
    config<U>(options: {
      prefix: 'never' | 'auto' | 'always';
      simplify: 'never' | 'auto' | 'always';
      type: Arithmetic<U>;
      definitions: { units: Record<string, UnitDefinition<U>> };
    }): UnitFactory<U>;
  }

  const unitmath: UnitFactory<number>;
  export default unitmath;
}
