import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import type { Sensor } from '#lib/sensors';
import type { EntityAddress } from '#lib/sensors/model';
import { readAddress } from '../exchange/entity-names';
import { NamedSensors } from '../exchange/named-sensors.service';
import type { VersionRules } from '../exchange/version-rules';
import {
  invalidDomain,
  unrecognizedConnections,
  unrecognizedEvent,
  unrecognizedEventType,
} from '../messages/rejections';

/** The address of a UDI event. */
export type EventAddress = Extract<EntityAddress, { kind: 'event' }>;

/** A device that can be controlled, and an event of it. */
export interface DeviceEvent {
  event: EventAddress;
  /** Its power. */
  sensor: Sensor;
}

/** Flexible devices, by the addresses of their events. */
@Injectable()
export class Devices {
  constructor(private readonly named: NamedSensors) {}

  /**
   * The device of an event.
   * @throws ApiError INVALID_DOMAIN, also for devices that the version does not control; UNRECOGNIZED_UDI_EVENT for types of
   *   events that it does not have; UNRECOGNIZED_CONNECTION_GROUP, also for devices that the requester cannot read
   */
  async find(address: string, { number, udi }: VersionRules, user: Requester): Promise<DeviceEvent> {
    const event = readAddress(address, ['event']);
    const sensor = await this.named.findById(event.sensorId, user);
    if (!sensor) throw unrecognizedConnections();
    const { name } = sensor.asset.assetType;
    if (!udi.assetTypes.includes(name))
      throw invalidDomain(
        `Version ${number} of the API has UDI events of assets of the types ${udi.assetTypes.join(', ')} only. ` +
          `Sensor ${sensor.id} belongs to an asset of the type ${name}.`,
      );
    if (udi.eventTypes.includes(event.eventType)) return { event, sensor };
    throw udi.eventTypes.length === 1 ? unrecognizedEvent(event) : unrecognizedEventType(event.eventType);
  }
}
