import { Inject, Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { AssetsService } from '#lib/assets';
import { SETTINGS, type Settings } from '#lib/config';
import { FinishedSchedules, type FinishedSchedule, type ScheduleState } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { addDuration, CLOCK, formatDuration, HOUR_MS, SECOND_MS, type Clock } from '#lib/time';
import { UdiEventsService } from '#lib/udi-events';
import { unprocessable } from '../../http/errors/api-error';
import { toFailureReason } from '../../v3/jobs/job-responses';
import { toScheduleResponse } from '../../v3/schedules/schedule-responses';
import type { VersionRules } from '../exchange/version-rules';
import { readDuration, readNames, requireType, requireUnit, type EntityField } from '../messages/fields';
import { toGroups, type NamedValues } from '../messages/groups';
import { fieldOf, type Message } from '../messages/message';
import {
  invalidMarket,
  unknownPrices,
  unknownSchedule,
  unrecognizedConnections,
  unrecognizedEvent,
} from '../messages/rejections';
import { Devices, type EventAddress } from './devices.service';

const EVENT: EntityField = { names: ['event', 'events'], missing: () => unrecognizedConnections() };
const UNIT = 'MW';
const DEFAULT_DURATION_MS = 6 * HOUR_MS;

/** How long a request waits for a schedule in versions in which gateways do not ask again. */
const MAX_WAIT_MS = 30 * SECOND_MS;
const POLL_MS = 100;

/** Messages that ask for the power that devices should take; consumption is positive. */
@Injectable()
export class DeviceMessages {
  constructor(
    private readonly devices: Devices,
    private readonly events: UdiEventsService,
    private readonly schedules: FinishedSchedules,
    private readonly assets: AssetsService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'planningHorizonMs'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The schedules of events, as far as the message asks for them.
   * @throws ApiError with the code of the message, 422 for an invalid duration
   */
  async read(message: Message, rules: VersionRules, user: Requester): Promise<Record<string, unknown>> {
    requireType(message, 'GetDeviceMessageRequest');
    if (fieldOf(message, 'unit') !== undefined) requireUnit(message, 'power', [UNIT]);
    const names = readNames(message, EVENT);
    const durationMs = this.readDuration(message);
    const untilMs = this.clock.now() + (rules.udi.waitsForSchedule ? MAX_WAIT_MS : 0);
    const shown: NamedValues[] = [];
    let period = { start: '', duration: '' };
    for (const name of names) {
      const { event, sensor } = await this.devices.find(name, rules, user);
      const schedule = await this.findSchedule(event, sensor, user, untilMs);
      const query = { duration: formatDuration(durationMs), unit: UNIT };
      const { values, start, duration } = toScheduleResponse(sensor, schedule, query);
      shown.push({ name, values });
      period = { start, duration };
    }
    return { ...toGroups('event', shown), ...period, unit: UNIT };
  }

  private readDuration(message: Message): number {
    const given = fieldOf(message, 'duration');
    const { planningHorizonMs } = this.settings;
    if (given === undefined) return Math.min(DEFAULT_DURATION_MS, planningHorizonMs);
    const invalid = () => unprocessable('args_and_json', { duration: ['Not a valid duration.'] });
    const duration = readDuration(given, invalid);
    const lengthMs = addDuration(0, duration, 'UTC');
    if (lengthMs <= 0) throw invalid();
    return Math.min(lengthMs, planningHorizonMs);
  }

  /** The schedule that answers an event, waiting for it until a time (epoch ms). */
  private async findSchedule(
    event: EventAddress,
    sensor: Sensor,
    user: Requester,
    untilMs: number,
  ): Promise<FinishedSchedule> {
    const jobId = await this.events.findJob(event);
    for (;;) {
      const state: ScheduleState<FinishedSchedule> =
        jobId === undefined ? { state: 'unknown' } : await this.schedules.find(sensor, jobId, user);
      if (state.state === 'finished') return state.schedule;
      const isWaiting = state.state === 'queued' || state.state === 'started';
      if (!isWaiting || this.clock.now() >= untilMs) throw await this.reasonFor(state, event, sensor);
      await this.clock.sleep(POLL_MS);
    }
  }

  /** Why there is no schedule. */
  private async reasonFor(
    state: Exclude<ScheduleState<FinishedSchedule>, { state: 'finished' }>,
    event: EventAddress,
    { assetId }: Sensor,
  ): Promise<Error> {
    switch (state.state) {
      case 'queued':
        return unknownSchedule('Scheduling job waiting to be processed.');
      case 'started':
        return unknownSchedule('Scheduling job in progress.');
      case 'failed':
        return failureOf(state.reason);
      case 'unknown': {
        const { attributes } = await this.assets.get(assetId);
        if (attributes['soc_udi_event_id'] !== event.eventId) return unrecognizedEvent(event);
        return unknownSchedule(
          'Your UDI event is the most recent event for this device, but its schedule is not known.',
        );
      }
    }
  }
}

function failureOf(reason: string): Error {
  const sentence = `Scheduling job failed with ${toFailureReason(reason)}`;
  if (reason.startsWith('UNKNOWN_PRICES')) return unknownPrices(sentence);
  if (reason.startsWith('UNKNOWN_MARKET')) return invalidMarket(sentence);
  return unknownSchedule(sentence);
}
