import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Attributes } from '#lib/assets';
import { shownReferences } from '#lib/charts';
import { regressorReferences } from '#lib/forecasting';
import { findSensorReferences } from '#lib/scheduling';
import { SensorAccess, type SensorReference } from '#lib/sensors';

/** Sensors that attributes of assets and sensors name, for schedules, forecasts and charts to read. */
@Injectable()
export class AttributeReferences {
  constructor(private readonly access: SensorAccess) {}

  /**
   * Lets nobody refer to sensors that they may not read. What attributes named before may stay: it is checked again
   * whenever it is read.
   * @param attributes undefined when none are to be set
   * @throws DomainError NOT_PERMITTED naming the attribute
   */
  async check(attributes: Attributes | undefined, user: Requester, before: Attributes = {}): Promise<void> {
    if (attributes === undefined) return;
    const known = new Set(referencesIn(before).map(keyOf));
    const added = referencesIn(attributes).filter((reference) => !known.has(keyOf(reference)));
    await this.access.checkReadable(added, user);
  }
}

const referencesIn = (attributes: Attributes): SensorReference[] =>
  [findSensorReferences, regressorReferences, shownReferences]
    .flatMap((find) => find(attributes))
    .map(({ id, field }) => ({ id, field: `attributes.${field}` }));

const keyOf = ({ id, field }: SensorReference): string => `${field} ${id}`;
