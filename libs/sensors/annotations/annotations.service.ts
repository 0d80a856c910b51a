import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { AssetsService, type Asset } from '#lib/assets';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import type { Sensor } from '../sensor.entity';
import { ANNOTATION_CREATED, ANNOTATION_DELETED } from '../sensors.events';
import type { AnnotationTargets } from '../sensors.events';
import { SensorsService } from '../sensors.service';
import type { Annotation } from './annotation.entity';
import { checkAnnotation, toAnnotationError } from './annotation-rules';
import {
  AnnotationsRepository,
  type Annotated,
  type AnnotationFilter,
  type FoundAnnotation,
  type NewAnnotation,
} from './annotations.repository';

/** Annotations: remarks about periods, for instance holidays. */
@Injectable()
export class AnnotationsService {
  constructor(
    private readonly annotations: AnnotationsRepository,
    private readonly accounts: AccountsService,
    private readonly assets: AssetsService,
    private readonly sensors: SensorsService,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /**
   * Attaches annotations to accounts, assets and sensors, all or nothing. An annotation with the same content, period,
   * type, source and belief time is stored once, also if several requests add it at the same time.
   * @returns the number of new annotations.
   * @throws DomainError ANNOTATION_INVALID, ACCOUNT_NOT_FOUND, ASSET_NOT_FOUND, SENSOR_NOT_FOUND
   */
  async annotate(annotations: NewAnnotation[], targets: AnnotationTargets): Promise<number> {
    const found = await this.attach(annotations, targets);
    return found.filter(({ added }) => added).length;
  }

  /**
   * Attaches one annotation, as `annotate`.
   * @returns its id, and whether it is new
   * @throws as `annotate`
   */
  async add(annotation: NewAnnotation, targets: AnnotationTargets): Promise<FoundAnnotation> {
    const [found] = await this.attach([annotation], targets);
    return found!;
  }

  private attach(annotations: NewAnnotation[], targets: AnnotationTargets): Promise<FoundAnnotation[]> {
    const { accountIds = [], assetIds = [], sensorIds = [] } = targets;
    for (const annotation of annotations) checkAnnotation(annotation);
    if (accountIds.length + assetIds.length + sensorIds.length === 0) {
      throw new DomainError(
        'ANNOTATION_INVALID',
        'An annotation must be attached to an account, asset or sensor.',
      );
    }
    return this.transactions.run(async () => {
      for (const id of accountIds) await this.accounts.get(id);
      for (const id of assetIds) await this.assets.get(id);
      for (const id of sensorIds) await this.sensors.get(id);
      await this.annotations.lockSources(annotations.map(({ sourceId }) => sourceId));
      const found = await this.annotations.findOrCreate(annotations).catch(toAnnotationError);
      const ids = found.map(({ id }) => id);
      const linked =
        (await this.annotations.link(ids, 'accounts', accountIds)) +
        (await this.annotations.link(ids, 'assets', assetIds)) +
        (await this.annotations.link(ids, 'sensors', sensorIds));
      if (linked > 0) this.events.emit(ANNOTATION_CREATED, { ids, accountIds, assetIds, sensorIds });
      return found;
    });
  }

  /** The annotations of a sensor, its asset and its account, ordered by start. */
  listForSensor({ id, asset }: Sensor, filter: AnnotationFilter = {}): Promise<Annotation[]> {
    return this.annotations.find({ sensorId: id, assetId: asset.id, accountId: asset.accountId }, filter);
  }

  /** The annotations of an asset and its account, ordered by start. */
  listForAsset(
    { id, accountId }: Pick<Asset, 'id' | 'accountId'>,
    filter: AnnotationFilter = {},
  ): Promise<Annotation[]> {
    return this.annotations.find({ assetId: id, accountId }, filter);
  }

  /** The annotations that are attached to exactly this sensor, asset or account, ordered by start. */
  listOf(annotated: Annotated, filter: AnnotationFilter = {}): Promise<Annotation[]> {
    return this.annotations.find(annotated, filter);
  }

  /** As `listOf`, but only those that start last, the last one first, with the number of all. */
  listNewestOf(annotated: Annotated, limit: number): Promise<{ items: Annotation[]; total: number }> {
    return this.annotations.findNewest(annotated, limit);
  }

  deleteAll(): Promise<void> {
    return this.transactions.run(async () => {
      if ((await this.annotations.deleteAll()) > 0) this.events.emit(ANNOTATION_DELETED, {});
    });
  }
}
