import type { Figure } from '../figures';
import { aCommunity, aHome } from './home-sites';
import { measureSite } from './measure-site';

const RUNS = 5;
const WITHIN_1_PERCENT = { acceptedGap: 0.01 };

/** Measures schedules of homes and of a community of homes, by the optimisation alone; `benchHomeJob` measures a whole job. */
export async function benchHomes(): Promise<Figure[]> {
  const home = aHome(true);
  const community = aCommunity(20);
  return [
    await measureSite('home with modes and process, 48 h, gap of 1 %', home, RUNS, WITHIN_1_PERCENT),
    await measureSite('home with modes and process, 48 h, gap of 0.1 %', home, RUNS),
    await measureSite('home without modes and process, 48 h', aHome(false), RUNS),
    await measureSite('20 homes, 24 h at 15 min, gap of 1 %', community, RUNS, WITHIN_1_PERCENT),
    await measureSite('20 homes, 24 h at 15 min, gap of 0.1 %', community, RUNS),
  ];
}
