import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { DomainError } from '#lib/errors';
import { ExtensionRegistry } from '#lib/extensions';
import type { Attributes } from './asset.entity';

/** What attributes of assets and sensors may hold, whoever sets them: their size, and the classes of plugins they name. */
@Injectable()
export class AttributeRules {
  constructor(
    private readonly extensions: ExtensionRegistry,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'maxAttributesBytes'>,
  ) {}

  /**
   * Checks all attributes that an asset or a sensor has after a change.
   * @param before the former attributes: a class that they name already is not checked
   * @throws DomainError ATTRIBUTES_TOO_LARGE, or as `ExtensionRegistry.checkAttributes`
   */
  check(attributes: Attributes, before: Attributes = {}): void {
    this.checkSize(attributes, 'attributes');
    this.extensions.checkAttributes(attributes, before);
  }

  /** Checks the size of JSON that is stored with an asset or a sensor. @throws DomainError ATTRIBUTES_TOO_LARGE */
  checkSize(value: unknown, field: string): void {
    const { maxAttributesBytes } = this.settings;
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes <= maxAttributesBytes) return;
    const message = `Must not have more than ${maxAttributesBytes} bytes as JSON; these have ${bytes}.`;
    throw new DomainError('ATTRIBUTES_TOO_LARGE', message, field);
  }
}
