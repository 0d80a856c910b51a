import { scheduleSite, type SiteProblem } from '#lib/scheduling/model';
import { HighsSolver } from '#lib/solver';
import { measure, type Figure } from '../figures';

/** Measures the time to a schedule after warm-up, and tells its cost and its proven gap. */
export function measureSite(
  name: string,
  problem: SiteProblem,
  runs: number,
  options?: Parameters<typeof scheduleSite>[2],
): Promise<Figure> {
  const solver = new HighsSolver();
  const work = async () => {
    const { method, gap, cost, turnover } = await scheduleSite(problem, solver, options);
    const share = (100 * gap) / Math.max(Math.abs(cost), turnover);
    return `${method}, cost ${cost.toFixed(4)}, gap ${share.toFixed(3)} %`;
  };
  return measure(`site: ${name}`, work, { runs, warmUps: Math.min(runs - 1, 2) });
}
