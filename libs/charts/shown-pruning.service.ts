import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ASSET_DELETED, AssetsService } from '#lib/assets';
import { EventSubscriptions } from '#lib/events';
import { SENSOR_DELETED } from '#lib/sensors';
import { pruneShown } from './model';

/** Removes sensors and assets from what charts and key figures of assets show when they are deleted. */
@Injectable()
export class ShownPruning implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly assets: AssetsService,
  ) {}

  onModuleInit(): void {
    this.subscriptions.onEach<{ ids: number[] }>({
      name: 'prune-shown-sensors',
      events: [SENSOR_DELETED, ASSET_DELETED],
      handle: ({ name, payload }) => this.prune(name, payload.ids),
    });
  }

  private async prune(event: string, ids: number[]): Promise<void> {
    const isOfSensors = event === SENSOR_DELETED.name;
    const deleted = { sensors: new Set(isOfSensors ? ids : []), assets: new Set(isOfSensors ? [] : ids) };
    const pruned = (shown: unknown[] | null): unknown[] | undefined => {
      const kept = shown && pruneShown(shown, deleted);
      return kept === null || kept === shown ? undefined : [...kept];
    };
    for (const asset of await this.assets.listWithNumbers('shown', ids)) {
      await this.assets.update(asset, {
        sensorsToShow: pruned(asset.sensorsToShow),
        sensorsToShowAsKpis: pruned(asset.sensorsToShowAsKpis),
      });
    }
  }
}
