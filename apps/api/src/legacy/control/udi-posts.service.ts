import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { AssetsService } from '#lib/assets';
import { SETTINGS, type Settings } from '#lib/config';
import { Transactions } from '#lib/database';
import { sensorRules, SensorsService, type Sensor } from '#lib/sensors';
import { normaliseInstant } from '#lib/time';
import { UdiEventsService } from '#lib/udi-events';
import { requirePermission } from '../../http/auth/permissions/permission.guard';
import { ScheduleTrigger } from '../../v3/schedules/schedule-trigger.service';
import type { VersionRules } from '../exchange/version-rules';
import { readPrior, requireType, requireUnit } from '../messages/fields';
import { fieldOf, type Message } from '../messages/message';
import { incompleteEvent, invalidDatetime, invalidDomain, outdatedEvent } from '../messages/rejections';
import { Devices, type DeviceEvent } from './devices.service';
import { readEventTime, readFlexFields, readSoc, readTargets } from './udi-message';

const SOC_UNITS = ['kWh', 'MWh'];
const WITH_TARGETS = 'soc-with-targets';

/** Messages that post UDI events: states of flexible devices, each of which triggers a schedule. */
@Injectable()
export class UdiPosts {
  constructor(
    private readonly devices: Devices,
    private readonly events: UdiEventsService,
    private readonly triggering: ScheduleTrigger,
    private readonly sensors: SensorsService,
    private readonly assets: AssetsService,
    private readonly transactions: Transactions,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'mode' | 'planningHorizonMs'>,
  ) {}

  /**
   * Triggers the schedule of an event, and keeps the state of charge with the asset.
   * @param count counts the request for a schedule of a device
   * @throws ApiError with the code of the message, 403 without permission, 422 for invalid constraints of the schedule; and as
   *   ScheduleJobsService.trigger, and what `count` throws
   */
  async post(
    message: Message,
    rules: VersionRules,
    user: Requester,
    count: (device: Sensor) => Promise<void>,
  ): Promise<void> {
    requireType(message, 'PostUdiEventRequest');
    const unit = requireUnit(message, 'State of charge', SOC_UNITS);
    if (rules.udi.acceptsPrior) readPrior(message);
    const { datetime, timeMs } = readEventTime(message);
    const address = fieldOf(message, 'event');
    if (typeof address !== 'string') throw invalidDomain('No event identifier sent.');
    const device = await this.devices.find(address, rules, user);
    requirePermission(user, 'create-children', sensorRules(device.sensor));
    await count(device.sensor);
    const soc = readSoc(message);
    const targets = readTargets(message, timeMs + this.settings.planningHorizonMs);
    if (device.event.eventType === WITH_TARGETS && !targets) throw incompleteEvent(device.event);
    const flexModel = {
      ...rules.udi.flexModel,
      ...readFlexFields(message),
      ...{ 'soc-at-start': soc, 'soc-unit': unit },
      ...(targets && targets.length > 0 && { 'soc-targets': targets }),
    };
    const prior = rules.udi.acceptsPrior ? (fieldOf(message, 'prior') as string | undefined) : undefined;
    const request = { start: datetime, prior, 'flex-model': flexModel, force_new_job_creation: true };
    await this.transactions.run(async () => {
      const asset = await this.lockAsset(device.sensor);
      if (this.settings.mode !== 'play') checkOrder(device, timeMs, asset.attributes, rules);
      const { id } = await this.triggering.trigger(device.sensor, request, user);
      await this.events.record(device.event, id);
      await this.assets.setAttributes(asset.id, {
        soc_datetime: normaliseInstant(datetime),
        soc_udi_event_id: device.event.eventId,
        soc_in_mwh: unit === 'kWh' ? soc / 1000 : soc,
      });
    });
  }

  /** The asset as it is while no other event of the device is posted. */
  private async lockAsset({ id, assetId }: Sensor) {
    await this.sensors.lock([id]);
    return this.assets.get(assetId);
  }
}

/** Checks that an event follows the latest one. @throws ApiError INVALID_DATETIME, OUTDATED_UDI_EVENT */
function checkOrder(
  { event }: DeviceEvent,
  timeMs: number,
  { soc_datetime: latest, soc_udi_event_id: latestId }: Readonly<Record<string, unknown>>,
  { udi }: VersionRules,
): void {
  const latestMs = typeof latest === 'string' ? Date.parse(latest) : NaN;
  if (timeMs < latestMs || (timeMs === latestMs && !udi.allowsEqualTimes))
    throw invalidDatetime(
      `The date of the requested UDI event (${new Date(timeMs).toISOString()}) is earlier than the latest known date ` +
        `(${new Date(latestMs).toISOString()}).`,
    );
  if (typeof latestId === 'number' && event.eventId <= latestId) throw outdatedEvent(event.eventId, latestId);
}
