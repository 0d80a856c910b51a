import { Injectable } from '@nestjs/common';
import { EventsRepository } from '#lib/events';

/** What the element `fm-live` of a page follows. Ids are separated by commas. */
export interface LiveContent {
  /** The id of the last event before the page. */
  after: string;
  sensors: string;
  assets: string;
}

/** As many as an address may name. */
const MAX_SENSORS = 200;

/** Lets pages follow events. */
@Injectable()
export class LiveContents {
  constructor(private readonly events: EventsRepository) {}

  /** Call it before the data of the page is read, so that no event is missed. @returns what to call with the subjects */
  async begin(): Promise<(sensorIds: readonly number[], assetIds?: readonly number[]) => LiveContent> {
    const after = await this.events.findCurrentPosition();
    return (sensorIds, assetIds = []) => ({
      after,
      sensors: sensorIds.slice(0, MAX_SENSORS).join(','),
      assets: assetIds.join(','),
    });
  }
}
