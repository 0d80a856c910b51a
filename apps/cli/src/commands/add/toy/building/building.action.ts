import { Transactions } from '#lib/database';
import { withJobs } from '../../../../app/services';
import { describeOwner, ensureToyOwner } from '../toy-structure';
import { readBuildingData } from './building-data';
import { BuildingHistory } from './building-history';
import { createBuilding, hasBuilding } from './building-structure';

/**
 * Creates a building with solar panels, a battery and a charging point, whose last two weeks were measured, forecast and
 * planned, in one transaction. An existing one is left as it is.
 */
export function addToyBuilding(accountName: string): Promise<void> {
  return withJobs(async (services) => {
    const lines = await services(Transactions).run(async () => {
      const owner = await ensureToyOwner(services, accountName);
      const existing = await hasBuilding(services, owner);
      if (existing)
        return [
          describeOwner(owner),
          `Asset ${existing.name} (ID: ${existing.id}) exists already and is left as it is.`,
        ];
      const building = await createBuilding(services, owner);
      const nowMs = Date.now();
      const bar = await startProgressBar();
      const history = new BuildingHistory(services, building, readBuildingData(nowMs), nowMs);
      const job = await history
        .write((share) => bar?.update(Math.round(share * 100)))
        .finally(() => bar?.stop());
      const { site, sensors } = building;
      return [
        describeOwner(owner),
        `The building is asset ${site.name} (ID: ${site.id}), with ${Object.keys(sensors).length} sensors.`,
        `Its next schedule is job ${job}, which a server or worker makes.`,
      ];
    });
    for (const line of lines) console.log(line);
  });
}

async function startProgressBar() {
  if (!process.stderr.isTTY) return undefined;
  const { Presets, SingleBar } = await import('cli-progress');
  const bar = new SingleBar(
    { stream: process.stderr, format: '{bar} {percentage} % of two weeks', clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(100, 0);
  return bar;
}
