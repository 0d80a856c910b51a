import { Injectable } from '@nestjs/common';
import type { DetailedAsset } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SensorsService, type Sensor } from '#lib/sensors';
import { countSearched, type ReadLimiter } from './chart-data.service';
import { readKpis, summarise, type KpiFunction } from './model';
import type { CanRead } from './shown-sensors.service';

/** A key figure of an asset. */
export interface Kpi {
  title: string;
  sensor: Sensor;
  function: KpiFunction;
  /** In the unit of the sensor; null without data. */
  value: number | null;
}

/** Key figures of assets: the sensors that `sensors_to_show_as_kpis` names, each with one number for a period. */
@Injectable()
export class Kpis {
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * The key figures of an asset, of the most recent belief about each event that starts in a period. Sensors that do not exist
   * or that the user cannot read are left out.
   * @param limitRead runs the read, perhaps later
   * @throws DomainError TOO_MUCH_DATA; what `limitRead` throws
   */
  async list(
    asset: DetailedAsset,
    { startMs, endMs }: { startMs: number; endMs: number },
    canRead: CanRead,
    limitRead: ReadLimiter,
  ): Promise<Kpi[]> {
    const shown = readKpis(asset.sensorsToShowAsKpis);
    const found = await this.sensors.listByIds(shown.map(({ sensor }) => sensor));
    const readable = found.filter(canRead);
    const period = { eventStartsAfterMs: startMs, eventStartsBeforeMs: endMs };
    const count = await countSearched(this.beliefs, readable, period, 'start');
    return limitRead(count, async () => {
      const series = new Map<number, [Sensor, Float64Array]>();
      for (const sensor of readable)
        series.set(sensor.id, [sensor, (await this.beliefs.latestPerEvent(sensor, period)).values]);
      return shown.flatMap(({ title, sensor: id, function: given }): Kpi[] => {
        const [sensor, values] = series.get(id) ?? [];
        if (!sensor || !values) return [];
        // A share is averaged, an amount is added up.
        const name = given ?? (sensor.unit === '%' ? 'mean' : 'sum');
        return [{ title, sensor, function: name, value: summarise(values, name) }];
      });
    });
  }
}
