import { scheduleSite, type SiteProblem } from '#lib/scheduling/model';
import { HighsSolver } from '#lib/solver';
import { measure, type Figure } from '../figures';
import { aCommunity, aHome } from './home-sites';

/** Measures schedules of homes and of a community of homes, after warm-up. */
export async function benchHomes(): Promise<Figure[]> {
  const home = aHome(true);
  const community = aCommunity(20);
  return [
    await timeToGap('home with modes and process, 48 h, gap of 1 %', home, { acceptedGap: 0.01 }),
    await timeToGap('home with modes and process, 48 h, gap of 0.1 %', home),
    await timeToGap('home without modes and process, 48 h', aHome(false)),
    await timeToGap('20 homes, 24 h at 15 min, gap of 1 %', community, { acceptedGap: 0.01 }),
    await timeToGap('20 homes, 24 h at 15 min, gap of 0.1 %', community),
  ];
}

/** Measures the time to a schedule, and tells its proven gap. */
async function timeToGap(
  name: string,
  problem: SiteProblem,
  options?: Parameters<typeof scheduleSite>[2],
): Promise<Figure> {
  const solver = new HighsSolver();
  const work = async () => {
    const { method, gap, cost, turnover } = await scheduleSite(problem, solver, options);
    const share = (100 * gap) / Math.max(Math.abs(cost), turnover);
    return `${method}, cost ${cost.toFixed(4)}, gap ${share.toFixed(3)} %`;
  };
  return measure(`site: ${name}`, work, { runs: 5, warmUps: 2 });
}
