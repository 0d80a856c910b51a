import { Injectable } from '@nestjs/common';
import type { DetailedAsset } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { SensorsService, type Sensor } from '#lib/sensors';
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
   */
  async list(asset: DetailedAsset, startMs: number, endMs: number, canRead: CanRead): Promise<Kpi[]> {
    const shown = readKpis(asset.sensorsToShowAsKpis);
    const found = await this.sensors.listByIds(shown.map(({ sensor }) => sensor));
    const readable = new Map(found.filter(canRead).map((sensor) => [sensor.id, sensor]));
    const kpis: Kpi[] = [];
    for (const { title, sensor: id, function: given } of shown) {
      const sensor = readable.get(id);
      if (!sensor) continue;
      // A share is averaged, an amount is added up.
      const name = given ?? (sensor.unit === '%' ? 'mean' : 'sum');
      const { values } = await this.beliefs.latestPerEvent(sensor, {
        eventStartsAfterMs: startMs,
        eventStartsBeforeMs: endMs,
      });
      kpis.push({ title, sensor, function: name, value: summarise(values, name) });
    }
    return kpis;
  }
}
