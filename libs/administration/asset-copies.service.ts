import { Injectable } from '@nestjs/common';
import { isAllowed, type Requester } from '#lib/accounts/model';
import { assetRules, AssetsService, AssetTree, type DetailedAsset } from '#lib/assets';
import { pruneShown, replaceShown } from '#lib/charts';
import { Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { pruneReferences, replaceReferences } from '#lib/scheduling';
import { SensorsService } from '#lib/sensors';

/** Where a copy goes. */
export interface CopyTarget {
  accountId: number | null;
  parentAssetId: number | null;
}

/** New ids by the former ones. */
interface CopiedIds {
  assets: Map<number, number>;
  sensors: Map<number, number>;
}

const MAX_NAME = 80;
/** A copy is one transaction, which should not take longer than a request. */
const MAX_ASSETS = 500;

/** Copies assets with everything below them. */
@Injectable()
export class AssetCopies {
  constructor(
    private readonly assets: AssetsService,
    private readonly tree: AssetTree,
    private readonly sensors: SensorsService,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Copies an asset, the assets below it that the user can read, and their sensors, without data. What their flexibility and
   * their sensors to show say about each other is about the copies. There, references to other sensors and assets stay if the
   * account of the copy can read them; else they are left out. Other attributes stay as they are. External ids are not copied.
   * @returns the id of the copy, whose name ends with "(Copy)"
   * @throws DomainError COPY_INVALID for too many assets or a parent below the asset; as `AssetsService.create`
   */
  copy(asset: DetailedAsset, target: CopyTarget, requester: Requester): Promise<number> {
    return this.transactions.run(async () => {
      // A copy that is made at the same time has its name by then.
      await this.tree.lockShape(target.accountId);
      const tree = await this.tree.findTree([asset.id]);
      if (target.parentAssetId !== null && tree.includes(target.parentAssetId))
        throw new DomainError('COPY_INVALID', 'An asset cannot be copied below itself.', 'parent');
      if (tree.length > MAX_ASSETS)
        throw new DomainError(
          'COPY_INVALID',
          `More than ${MAX_ASSETS} assets cannot be copied at once.`,
          '_schema',
        );
      const ids: CopiedIds = { assets: new Map(), sensors: new Map() };
      const name = await this.findFreeName(asset.name, target);
      const id = await this.copyTree(asset, name, target, requester, ids);
      for (const copy of ids.assets.values()) await this.redirect(copy, ids);
      return id;
    });
  }

  private async findFreeName(name: string, target: CopyTarget): Promise<string> {
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? ' (Copy)' : ` (Copy ${number})`;
      // Without half a character at the end.
      const start = name.slice(0, MAX_NAME - suffix.length).replace(/\p{Surrogate}$/u, '');
      const candidate = start + suffix;
      if (await this.tree.isNameFree(candidate, target)) return candidate;
    }
  }

  private async copyTree(
    asset: DetailedAsset,
    name: string,
    target: CopyTarget,
    requester: Requester,
    ids: CopiedIds,
  ): Promise<number> {
    const { description, latitude, longitude, attributes, assetTypeId } = asset;
    const { flexContext, flexModel, sensorsToShow, sensorsToShowAsKpis } = asset;
    const { id } = await this.assets.create({
      ...{ name, description, latitude, longitude, attributes, assetTypeId },
      ...{ flexContext, flexModel, sensorsToShow, sensorsToShowAsKpis },
      ...target,
    });
    ids.assets.set(asset.id, id);
    for (const sensor of await this.sensors.listByAsset(asset.id)) {
      const { name: sensorName, unit, eventResolutionMs, timezone, attributes: ofSensor } = sensor;
      const { knowledgeHorizonFnc, knowledgeHorizonPar } = sensor;
      const copy = await this.sensors.create({
        ...{ name: sensorName, unit, eventResolutionMs, timezone, attributes: ofSensor },
        ...{ knowledgeHorizonFnc, knowledgeHorizonPar },
        assetId: id,
      });
      ids.sensors.set(sensor.id, copy.id);
    }
    const children = (await this.tree.findChildren([asset.id])).get(asset.id) ?? [];
    for (const child of children) {
      if (!isAllowed(requester, 'read', assetRules(child))) continue;
      const below = { ...target, parentAssetId: id };
      await this.copyTree(await this.assets.get(child.id), child.name, below, requester, ids);
    }
    return id;
  }

  /** Lets what a copy refers to be the copies, where there are some. */
  private async redirect(id: number, ids: CopiedIds): Promise<void> {
    const copy = await this.assets.get(id);
    const hidden = await this.findHidden(copy, ids);
    const redirected = (shown: unknown[]) => replaceShown(pruneShown(shown, hidden), ids);
    const { sensors_to_show: attribute, ...attributes } = copy.attributes;
    await this.assets.update(copy, {
      flexContext: replaceReferences(pruneReferences(copy.flexContext, hidden), ids),
      flexModel: replaceReferences(pruneReferences(copy.flexModel, hidden), ids),
      sensorsToShow: copy.sensorsToShow === null ? undefined : redirected(copy.sensorsToShow),
      sensorsToShowAsKpis: redirected(copy.sensorsToShowAsKpis),
      ...(Array.isArray(attribute) && {
        attributes: { ...attributes, sensors_to_show: redirected(attribute as unknown[]) },
      }),
    });
  }

  /** Sensors and assets that the account of a copy cannot read, of those whose ids occur in what it stores. */
  private async findHidden(copy: DetailedAsset, ids: CopiedIds) {
    const { flexContext, flexModel, sensorsToShow, sensorsToShowAsKpis, attributes } = copy;
    const shown = [sensorsToShow, sensorsToShowAsKpis, attributes['sensors_to_show']];
    const numbers = numbersIn([flexContext, flexModel, shown]);
    const sensors = await this.sensors.listByIds(numbers.filter((id) => !ids.sensors.has(id)));
    const assets = await this.assets.listOwners(numbers.filter((id) => !ids.assets.has(id)));
    const isHidden = ({ accountId }: { accountId: number | null }): boolean =>
      accountId !== null && accountId !== copy.accountId;
    const idsOf = (hidden: readonly { id: number }[]): Set<number> => new Set(hidden.map(({ id }) => id));
    return {
      sensors: idsOf(sensors.filter(({ asset }) => isHidden(asset))),
      assets: idsOf(assets.filter(isHidden)),
    };
  }
}

/** All whole numbers in JSON: each may be the id of a sensor or an asset. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
