import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import {
  AssetsService,
  type AssetPatchFields,
  type AssetReference,
  type Attributes,
  type DetailedAsset,
} from '#lib/assets';
import { checkShown, shownAssetsIn, shownReferencesIn } from '#lib/charts';
import { DomainError } from '#lib/errors';
import { FlexibilityChecks } from '#lib/scheduling';
import { SensorAccess, type SensorReference } from '#lib/sensors';
import { unprocessable, type FieldReasons } from '../../http/errors/api-error';
import { AttributeReferences } from './attribute-references.service';

/** Checks what new values of an asset's fields refer to and contain. */
@Injectable()
export class AssetReferences {
  constructor(
    private readonly attributes: AttributeReferences,
    private readonly flexibility: FlexibilityChecks,
    private readonly access: SensorAccess,
    private readonly assets: AssetsService,
  ) {}

  /**
   * Checks the fields of a new asset or a change. The user need not be able to read what the asset referred to before.
   * @param before the asset before the change
   * @throws ApiError 422 with the reasons by field; DomainError NOT_PERMITTED with the field of a sensor that the user
   *   cannot read
   */
  async check(fields: AssetPatchFields, user: Requester, before?: DetailedAsset): Promise<void> {
    await this.attributes.check(fields.attributes, user, before?.attributes);
    await this.checkShown(fields, user, before);
    const attributes: Attributes = fields.attributes ?? before?.attributes ?? {};
    const errors = await this.flexibility.findErrors(fields, attributes, user, before);
    if (errors.length === 0) return;
    const reasons = errors.map((error): [string, string[]] => [error.field!, [reasonOf(error)]]);
    throw unprocessable('json', Object.fromEntries(reasons));
  }

  private async checkShown(fields: AssetPatchFields, user: Requester, before?: DetailedAsset): Promise<void> {
    const reasons = checkShown(fields);
    if (Object.keys(reasons).length > 0) throw unprocessable('json', reasons);
    const known = new Set(before ? shownReferencesIn(before).map(keyOf) : []);
    const added = shownReferencesIn(fields).filter((reference) => !known.has(keyOf(reference)));
    await this.access.checkReadable(added, user);
    await this.access.find(added);
    const knownAssets = new Set(before ? shownAssetsIn(before).map(keyOf) : []);
    const addedAssets = shownAssetsIn(fields).filter((reference) => !knownAssets.has(keyOf(reference)));
    const unknown = await this.assets.checkReferences(addedAssets, user);
    const unknownReasons = unknown.map(({ id, field }) => [field, [`No asset found with id ${id}.`]]);
    if (unknown.length > 0) throw unprocessable('json', Object.fromEntries(unknownReasons) as FieldReasons);
  }
}

const keyOf = ({ id }: SensorReference | AssetReference): number => id;

/** Some messages start with the path of the field, which is the key of the reasons. */
const reasonOf = ({ message, field }: DomainError): string =>
  field !== undefined && message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
