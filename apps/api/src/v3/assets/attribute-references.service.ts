import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Attributes } from '#lib/assets';
import { shownReferences } from '#lib/charts';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { ExtensionRegistry } from '#lib/extensions';
import { regressorReferences } from '#lib/forecasting';
import { findSensorReferences } from '#lib/scheduling';
import { SensorAccess, type SensorReference } from '#lib/sensors';

/** Checks the size of attributes of assets and sensors, and the sensors and classes of plugins that they refer to. */
@Injectable()
export class AttributeReferences {
  constructor(
    private readonly access: SensorAccess,
    private readonly extensions: ExtensionRegistry,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'maxAttributesBytes'>,
  ) {}

  /**
   * Checks that the user may read all sensors that new attributes refer to, for schedules, forecasts and charts, and that the
   * custom schedulers and forecasters exist that they name. References that the attributes had before are not checked here:
   * they are checked whenever they are used.
   * @param attributes the new attributes; undefined if they do not change
   * @throws DomainError ATTRIBUTES_TOO_LARGE, NOT_PERMITTED naming the attribute, or as ExtensionRegistry.checkAttributes
   */
  async check(attributes: Attributes | undefined, user: Requester, before: Attributes = {}): Promise<void> {
    if (attributes === undefined) return;
    this.checkSize(attributes);
    this.extensions.checkAttributes(attributes, before);
    const known = new Set(referencesIn(before).map(keyOf));
    const added = referencesIn(attributes).filter((reference) => !known.has(keyOf(reference)));
    await this.access.checkReadable(added, user);
  }

  private checkSize(attributes: Attributes): void {
    const { maxAttributesBytes } = this.settings;
    const bytes = Buffer.byteLength(JSON.stringify(attributes));
    if (bytes <= maxAttributesBytes) return;
    const message = `Must not have more than ${maxAttributesBytes} bytes as JSON; these have ${bytes}.`;
    throw new DomainError('ATTRIBUTES_TOO_LARGE', message, 'attributes');
  }
}

const referencesIn = (attributes: Attributes): SensorReference[] =>
  [findSensorReferences, regressorReferences, shownReferences]
    .flatMap((find) => find(attributes))
    .map(({ id, field }) => ({ id, field: `attributes.${field}` }));

const keyOf = ({ id, field }: SensorReference): string => `${field} ${id}`;
