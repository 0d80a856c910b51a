import { Reporter } from '#lib/plugin-api';

/** How the inputs of a step become one value. */
const METHODS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
};

/**
 * Combines sensors, each with a weight: `{ "method": "sum", "weights": { "solar": -1 } }`. Inputs are converted to the unit of the
 * output before. A step is unknown if one of the inputs is.
 */
export class AggregatorReporter extends Reporter {
  static override readonly author = 'Seita';
  static override readonly version = '1';

  override computeReport(): Float64Array {
    const [output, ...others] = this.outputs;
    if (!output || others.length > 0) throw new Error('it has one output.');
    const combine = this.readMethod();
    const weights = this.readWeights();
    const columns = this.inputs.map(({ name, sensor, values }) => {
      const weight = weights.get(name) ?? 1;
      return this.context.convert(values, sensor.unit, output.sensor.unit).map((value) => value * weight);
    });
    return Float64Array.from(this.steps, (_, step) => {
      const known = columns.map((values) => values[step]!);
      return known.some(Number.isNaN) ? NaN : combine(known);
    });
  }

  private readMethod(): (values: readonly number[]) => number {
    const { method = 'sum' } = this.config;
    const found = Object.hasOwn(METHODS, String(method)) ? METHODS[String(method)] : undefined;
    if (found) return found;
    throw new Error(`config.method: one of ${Object.keys(METHODS).join(', ')} is expected.`);
  }

  private readWeights(): ReadonlyMap<string, number> {
    const { weights = {} } = this.config;
    if (typeof weights !== 'object' || weights === null || Array.isArray(weights))
      throw new Error('config.weights: an object such as {"solar": -1} is expected.');
    const names = this.inputs.map(({ name }) => name);
    for (const [name, weight] of Object.entries(weights as Record<string, unknown>)) {
      if (!names.includes(name)) throw new Error(`config.weights.${name}: there is no such input.`);
      if (typeof weight !== 'number' || !Number.isFinite(weight))
        throw new Error(`config.weights.${name}: a number is expected.`);
    }
    // Names may be those of methods of all objects, such as "constructor".
    return new Map(Object.entries(weights as Record<string, number>));
  }
}
