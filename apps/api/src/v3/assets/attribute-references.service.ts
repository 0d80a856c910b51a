import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Attributes } from '#lib/assets';
import { shownReferences } from '#lib/charts';
import { regressorReferences } from '#lib/forecasting';
import { findSensorReferences } from '#lib/scheduling';
import { SensorAccess, type SensorReference } from '#lib/sensors';

/** Checks the sensors that attributes of assets and sensors refer to. */
@Injectable()
export class AttributeReferences {
  constructor(private readonly access: SensorAccess) {}

  /**
   * Checks that the user may read all sensors that new attributes refer to, for schedules, forecasts and charts. References
   * that the attributes had before are not checked here: they are checked whenever they are used.
   * @param attributes the new attributes; undefined if they do not change
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
