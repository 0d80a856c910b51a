import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AssetsService } from '#lib/assets';
import { SensorsService } from '#lib/sensors';
import type { KnownSubjects, Place } from './readable-subjects';

const MAX_REMEMBERED = 20_000;

/** Finds out to which assets and accounts the subjects of events belong. What was found is remembered. */
@Injectable()
export class SubjectLookup {
  private readonly placesOfSensors = new LRUCache<number, Place>({ max: MAX_REMEMBERED });
  private readonly assets = new LRUCache<number, Place>({ max: MAX_REMEMBERED });
  /** Counts how often everything was forgotten: what was read before that is not remembered. */
  private generation = 0;

  constructor(
    private readonly sensorsService: SensorsService,
    private readonly assetsService: AssetsService,
  ) {}

  /** The places of these sensors and assets, without those that do not exist. */
  async find(sensors: readonly number[], assets: readonly number[]): Promise<KnownSubjects> {
    return {
      placesOfSensors: await this.findAll(sensors, this.placesOfSensors, async (ids) =>
        (await this.sensorsService.listByIds(ids)).map(({ id, asset }) => [
          id,
          { id: asset.id, accountId: asset.accountId },
        ]),
      ),
      assets: await this.findAll(assets, this.assets, async (ids) =>
        (await this.assetsService.listOwners(ids)).map((asset) => [asset.id, asset]),
      ),
    };
  }

  /** Forgets everything, because something was moved or deleted. */
  forget(): void {
    this.generation++;
    this.placesOfSensors.clear();
    this.assets.clear();
  }

  private async findAll(
    ids: readonly number[],
    remembered: LRUCache<number, Place>,
    read: (ids: number[]) => Promise<[number, Place][]>,
  ): Promise<Map<number, Place>> {
    const found = new Map<number, Place>();
    const unknown: number[] = [];
    for (const id of new Set(ids)) {
      const place = remembered.get(id);
      if (place) found.set(id, place);
      else unknown.push(id);
    }
    if (unknown.length === 0) return found;
    const { generation } = this;
    for (const [id, place] of await read(unknown)) {
      found.set(id, place);
      if (generation === this.generation) remembered.set(id, place);
    }
    return found;
  }
}
