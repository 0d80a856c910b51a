import type { SiteProgramBuilder } from './site-program-builder';

/** Adds couplings: the power of each port is its coefficient times a level that all ports of a converter share. */
export function addCouplings(parts: SiteProgramBuilder): void {
  const { problem } = parts.site;
  const indices = new Map(problem.devices.map(({ id }, index) => [id, index]));
  for (const [index, { ports }] of (problem.couplings ?? []).entries()) {
    for (let t = 0; t < problem.steps; t++) {
      parts.label('level', index, t);
      const level = parts.builder.addColumn(0, -Infinity, Infinity);
      for (const { device, coefficient } of ports) {
        const { columns, coefficients } = parts.portTerms(indices.get(device)!, t);
        parts.builder.addRow(0, 0, [...columns, level], [...coefficients, -coefficient]);
      }
    }
  }
}
