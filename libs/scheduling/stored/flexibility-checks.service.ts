import { Injectable } from '@nestjs/common';
import type { Actor } from '#lib/accounts/model';
import { AssetsService, type AssetReference, type Attributes, type DetailedAsset } from '#lib/assets';
import { DomainError } from '#lib/errors';
import { SensorAccess, SensorsService, type SensorReference } from '#lib/sensors';
import { nameCustomScheduler } from '../custom/custom-schedulers';
import { checkStoredField, type KnownSensors } from '../model/flex/check-stored-field';
import type { FlexGroup } from '../model/flex/fields';
import { flexError, withDevicePath } from '../model/flex/flex-error';
import { knownSensors } from '../model/flex/form/known-sensors';
import { isOutputField } from '../model/flex/outputs';
import { requireWritable } from '../outputs/schedule-outputs';
import { findSensorReferences } from '../model/flex/references/sensor-references';
import { findAssetReferences } from './asset-references';

/** Flexibility that an asset stores, by the field names of the API. */
export type StoredDescription = Pick<DetailedAsset, 'flexModel' | 'flexContext'>;

/** Columns of an asset with flexibility, with their names in the API and their fields. */
const COLUMNS = [
  ['flexModel', 'flex_model', 'flex-model'],
  ['flexContext', 'flex_context', 'flex-context'],
] as const satisfies [keyof StoredDescription, string, FlexGroup][];

/** Checks flexibility before it is stored on an asset. */
@Injectable()
export class FlexibilityChecks {
  constructor(
    private readonly sensors: SensorsService,
    private readonly access: SensorAccess,
    private readonly assets: AssetsService,
  ) {}

  /**
   * Checks new flexibility of an asset: names, forms, units and ranges of fields, and the sensors and assets that they
   * name. Of an asset with a custom scheduler, only the latter, because only that scheduler knows its fields.
   * @param attributes of the asset
   * @param actor who changes it; undefined for the host
   * @param before what the asset stored: the actor need not be able to read sensors and assets that it named already
   * @returns an error per invalid field, with its path, such as `flex_model.soc-max`
   * @throws DomainError NOT_PERMITTED with the path of a sensor or asset that the actor cannot read, or of a sensor that it
   *   cannot post data to if schedules are recorded to it
   */
  async findErrors(
    change: Partial<StoredDescription>,
    attributes: Attributes,
    actor: Actor | undefined,
    before: Partial<StoredDescription> = {},
  ): Promise<DomainError[]> {
    const references = referencesIn(change);
    const found = new Map(
      (await this.sensors.listByIds(references.map(({ id }) => id))).map((sensor) => [sensor.id, sensor]),
    );
    const errors = references.filter(({ id }) => !found.has(id)).map(unknownSensor);
    const knownAssets = new Set(assetReferencesIn(before).map(keyOf));
    const newAssets = assetReferencesIn(change).filter((one) => !knownAssets.has(keyOf(one)));
    for (const { id, field } of await this.assets.checkReferences(newAssets, actor))
      errors.push(flexError(field, `No asset found with id ${id}.`));
    if (actor) {
      const known = new Set(referencesIn(before).map(keyOf));
      await this.access.checkReadable(
        references.filter((one) => !known.has(keyOf(one))),
        actor,
      );
      for (const one of references)
        if (!known.has(keyOf(one)) && found.has(one.id) && isOutputField(fieldOf(one)))
          requireWritable(actor, found.get(one.id)!, one.field);
    }
    if (errors.length > 0 || nameCustomScheduler(attributes)) return errors;
    const units = new Map([...found].map(([id, { unit }]) => [id, unit]));
    return findFieldErrors(change, knownSensors(units));
  }
}

function findFieldErrors(change: Partial<StoredDescription>, known: KnownSensors): DomainError[] {
  const errors: DomainError[] = [];
  for (const [column, name, group] of COLUMNS) {
    for (const [field, value] of Object.entries(change[column] ?? {})) {
      try {
        checkStoredField(group, field, value, known);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        errors.push(withDevicePath(error, `${name}.`) as DomainError);
      }
    }
  }
  return errors;
}

const assetReferencesIn = (description: Partial<StoredDescription>): AssetReference[] =>
  COLUMNS.flatMap(([column, name]) => findAssetReferences(description[column] ?? {}, `${name}.`));

const referencesIn = (description: Partial<StoredDescription>): SensorReference[] =>
  COLUMNS.flatMap(([column, name]) =>
    findSensorReferences(description[column] ?? {}).map(({ id, field }) => ({
      id,
      field: `${name}.${field}`,
    })),
  );

/** The path of a reference within the flex-model or flex-context. */
const fieldOf = ({ field }: SensorReference): string => field.slice(field.indexOf('.') + 1);

const keyOf = ({ id, field }: SensorReference | AssetReference): string => `${field} ${id}`;

const unknownSensor = ({ id, field }: SensorReference): DomainError =>
  new DomainError('FLEX_MODEL_INVALID', `${field}: No sensor found with id ${id}.`, field);
