import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { unauthorized, unprocessable } from '../http/errors/api-error';
import { canReadAsset, canReadSensor, type Place, type StreamFilter } from './readable-subjects';
import { SubjectLookup } from './subject-lookup.service';

/** Checks what clients name to select events. */
@Injectable()
export class StreamFilters {
  constructor(private readonly subjects: SubjectLookup) {}

  /**
   * The filter of these sensors and assets; undefined if none are named.
   * @throws ApiError 422 for ids of nothing, 403 for what the user may not read
   */
  async check(
    user: Requester,
    sensors: readonly number[] | undefined,
    assets: readonly number[] | undefined,
  ): Promise<StreamFilter | undefined> {
    if (!sensors && !assets) return undefined;
    const known = await this.subjects.find(sensors ?? [], assets ?? []);
    const unknown = {
      ...unknownIn('sensor', sensors, known.placesOfSensors),
      ...unknownIn('asset', assets, known.assets),
    };
    if (Object.keys(unknown).length > 0) throw unprocessable('query', unknown);
    const isReadable =
      (sensors ?? []).every((id) => canReadSensor(user, id, known)) &&
      (assets ?? []).every((id) => canReadAsset(user, id, known));
    if (!isReadable) throw unauthorized();
    const places = [...known.placesOfSensors.values(), ...known.assets.values()];
    const accounts = new Set(places.flatMap(({ accountId }) => accountId ?? []));
    return { sensors: new Set(sensors), assets: new Set(assets), accounts };
  }
}

function unknownIn(
  field: string,
  ids: readonly number[] | undefined,
  known: ReadonlyMap<number, Place>,
): Record<string, string[]> {
  const unknown = (ids ?? []).filter((id) => !known.has(id));
  return unknown.length === 0 ? {} : { [field]: unknown.map((id) => `No ${field} found with id ${id}.`) };
}
