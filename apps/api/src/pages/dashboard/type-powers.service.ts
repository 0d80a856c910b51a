import { Inject, Injectable } from '@nestjs/common';
import { AssetLists } from '#lib/assets';
import { SitePartsService, type SitePart } from '#lib/balance';
import { BeliefsService, type EventSeries } from '#lib/beliefs';
import { canRead, COMPUTED_SOURCE_TYPES, type Sensor } from '#lib/sensors';
import { CLOCK, HOUR_MS, startOfDay, type Clock } from '#lib/time';
import { convertValues } from '#lib/units';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { shownKwh, shownNumber } from '../graphs/latest-values.service';

/** Current power and energy of today of the assets of a type. */
export interface TypePower {
  typeId: number;
  /** Such as "3.2 kW consumed"; undefined if nothing is measured. */
  power?: string;
  energy?: string;
}

/** More assets are not looked at. */
const MAX_ASSETS = 200;

/** An event that began earlier is not the current one. */
const currentMs = ({ eventResolutionMs }: Sensor): number => HOUR_MS + eventResolutionMs;

interface Measured {
  /** kW, consumption positive; undefined if not current. */
  powerKw?: number;
  consumedKwh: number;
  producedKwh: number;
}

/** Adds up what the assets of each type measure. */
@Injectable()
export class TypePowers {
  constructor(
    private readonly lists: AssetLists,
    private readonly parts: SitePartsService,
    private readonly beliefs: BeliefsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** By the power sensor of each asset that flexibility names, or else its only one; today is that of the sensor's zone. */
  async list(user: ApiUser): Promise<TypePower[]> {
    const { items } = await this.lists.list({ allAccessible: true, offset: 0, limit: MAX_ASSETS }, user);
    const found = await this.parts.findOwnOf(items);
    const parts = new Map([...found].filter(([, { sensor }]) => canRead(user)(sensor)));
    const nowMs = this.clock.now();
    const events = await this.readRecent([...parts.values()], nowMs);
    const byType = new Map<number, Measured[]>();
    for (const { id, assetType } of items) {
      const part = parts.get(id);
      const known = part && events.get(part.sensor.id);
      if (!part || !known || known.values.length === 0) continue;
      byType.set(assetType.id, [...(byType.get(assetType.id) ?? []), measure(part, known, nowMs)]);
    }
    return [...byType].map(([typeId, measured]) => ({ typeId, ...toTexts(measured) }));
  }

  /** What was measured today and in the last hours, since a day may just have begun, by sensor id. */
  private async readRecent(parts: readonly SitePart[], nowMs: number): Promise<Map<number, EventSeries>> {
    const found = new Map<number, EventSeries>();
    for (const zone of new Set(parts.map(({ sensor }) => sensor.timezone))) {
      const sensors = parts.map(({ sensor }) => sensor).filter(({ timezone }) => timezone === zone);
      const events = await this.beliefs.latestPerEventOf(sensors, {
        eventStartsAfterMs: Math.min(
          startOfDay(nowMs, zone),
          ...sensors.map((sensor) => nowMs - currentMs(sensor)),
        ),
        eventStartsBeforeMs: nowMs + 1,
        beliefsBeforeMs: nowMs,
        excludeSourceTypes: COMPUTED_SOURCE_TYPES,
      });
      for (const [id, series] of events) found.set(id, series);
    }
    return found;
  }
}

function measure({ sensor, sign }: SitePart, { eventStarts, values }: EventSeries, nowMs: number): Measured {
  const powersKw = convertValues(values, sensor.unit, 'kW').map((value) => sign * value);
  const hours = sensor.eventResolutionMs / HOUR_MS;
  const isCurrent = nowMs - eventStarts.at(-1)! <= currentMs(sensor);
  const dayMs = startOfDay(nowMs, sensor.timezone);
  const ofToday = powersKw.filter((_, index) => eventStarts[index]! >= dayMs);
  const energy = (direction: 1 | -1): number =>
    hours * ofToday.reduce((sum, power) => sum + Math.max(direction * power, 0), 0);
  return {
    powerKw: isCurrent ? powersKw.at(-1) : undefined,
    consumedKwh: energy(1),
    producedKwh: energy(-1),
  };
}

function toTexts(measured: readonly Measured[]): Pick<TypePower, 'power' | 'energy'> {
  const current = measured.flatMap(({ powerKw }) => powerKw ?? []);
  const powerKw = current.reduce((sum, power) => sum + power, 0);
  // What would be shown as 0 kWh is left out.
  const energyOf = (name: 'consumedKwh' | 'producedKwh', verb: string): string[] => {
    const kwh = measured.reduce((total, one) => total + one[name], 0);
    return kwh >= 0.005 ? [`${shownKwh(kwh)} ${verb}`] : [];
  };
  const energies = [...energyOf('consumedKwh', 'consumed'), ...energyOf('producedKwh', 'produced')];
  return {
    power: current.length === 0 ? undefined : directed(Math.round(1000 * powerKw) / 1000),
    energy: energies.length === 0 ? '0 kWh' : energies.join(', '),
  };
}

const directed = (powerKw: number): string => {
  if (powerKw === 0) return '0 kW';
  return `${shownNumber(Math.abs(powerKw))} kW ${powerKw > 0 ? 'consumed' : 'produced'}`;
};
