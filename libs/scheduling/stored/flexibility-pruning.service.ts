import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ASSET_DELETED, AssetsService } from '#lib/assets';
import { EventSubscriptions } from '#lib/events';
import { SENSOR_DELETED } from '#lib/sensors';
import { pruneReferences, type Deleted } from '../model/flex/references/prune-references';

/** Removes sensors and assets from stored flexibility when they are deleted. */
@Injectable()
export class FlexibilityPruning implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly assets: AssetsService,
  ) {}

  onModuleInit(): void {
    this.subscriptions.onEach<{ ids: number[] }>({
      name: 'prune-flexibility',
      events: [SENSOR_DELETED, ASSET_DELETED],
      handle: ({ name, payload }) => this.prune(name, payload.ids),
    });
  }

  private async prune(event: string, ids: number[]): Promise<void> {
    const none = new Set<number>();
    const isOfSensors = event === SENSOR_DELETED.name;
    const deleted: Deleted = {
      sensors: isOfSensors ? new Set(ids) : none,
      assets: isOfSensors ? none : new Set(ids),
    };
    for (const asset of await this.assets.listWithNumbers('flexibility', ids)) {
      const flexModel = pruneReferences(asset.flexModel, deleted);
      const flexContext = pruneReferences(asset.flexContext, deleted);
      await this.assets.update(asset, {
        flexModel: flexModel === asset.flexModel ? undefined : flexModel,
        flexContext: flexContext === asset.flexContext ? undefined : flexContext,
      });
    }
  }
}
