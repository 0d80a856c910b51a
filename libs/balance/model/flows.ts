/** The flows of a site. Each is at least zero. */
export const FLOWS = [
  'import',
  'export',
  'production',
  'charge',
  'discharge',
  'flexible',
  'inflexible',
] as const;

export type Flow = (typeof FLOWS)[number];

/**
 * What a part of a site is. `production`: solar panels and other generators; `storage`: charges and discharges;
 * `flexible`: a load that can be scheduled, such as a charging point; `load`: any other consumption.
 */
export type PartKind = 'production' | 'storage' | 'flexible' | 'load';

/** The power of a part. */
export interface PartPower {
  kind: PartKind;
  /** kW per step, consumption positive; NaN where it is not known. */
  powerKw: Float64Array;
}

/** The flows in each step, in kW. Import and export are NaN where the power of a part is not known. */
export type Flows = Record<Flow, Float64Array>;

/** The flow of consumption and of production of each kind of part. */
const FLOWS_OF: Record<PartKind, [consumed: Flow, produced: Flow]> = {
  production: ['inflexible', 'production'],
  storage: ['charge', 'discharge'],
  flexible: ['flexible', 'discharge'],
  load: ['inflexible', 'production'],
};

/**
 * The flows of a site in each step. What comes in goes out: import + production + discharge = export + charge + flexible +
 * inflexible wherever all parts are known. What a part takes from the site is import of the site, wherever it is stored:
 * a battery that is charged from the grid is import, not production.
 * @param steps number of steps
 */
export function toFlows(parts: readonly PartPower[], steps: number): Flows {
  const flows = Object.fromEntries(FLOWS.map((flow) => [flow, new Float64Array(steps)])) as Flows;
  for (let step = 0; step < steps; step++) {
    let netKw = 0;
    for (const { kind, powerKw } of parts) {
      const power = powerKw[step]!;
      netKw += power;
      const [consumed, produced] = FLOWS_OF[kind];
      flows[power < 0 ? produced : consumed][step]! += Math.abs(power);
    }
    flows.import[step] = Number.isNaN(netKw) ? NaN : Math.max(netKw, 0);
    flows.export[step] = Number.isNaN(netKw) ? NaN : Math.max(-netKw, 0);
  }
  return flows;
}

/** Adds the flows of several sites. The import and export of each site are its own: they do not cancel. */
export function addFlows(all: readonly Flows[], steps: number): Flows {
  return Object.fromEntries(
    FLOWS.map((flow) => [
      flow,
      Float64Array.from({ length: steps }, (_, step) =>
        all.reduce((sum, flows) => sum + flows[flow][step]!, 0),
      ),
    ]),
  ) as Flows;
}

/** Means of groups of steps: the flows in longer steps. A longer step with an unknown one is unknown. */
export function coarsen(flows: Flows, factor: number): Flows {
  return Object.fromEntries(
    FLOWS.map((flow) => [
      flow,
      Float64Array.from({ length: Math.ceil(flows[flow].length / factor) }, (_, index) => {
        const group = flows[flow].subarray(index * factor, (index + 1) * factor);
        return group.reduce((sum, value) => sum + value, 0) / group.length;
      }),
    ]),
  ) as Flows;
}
