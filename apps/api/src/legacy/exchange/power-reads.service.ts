import { Injectable } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { SensorDataService, type DataRequest } from '#lib/beliefs';
import { checkEventCount } from '#lib/beliefs/model';
import { signOfSensor } from '#lib/scheduling';
import type { Sensor } from '#lib/sensors';
import { addDuration, durationToMs, formatDuration, type Duration } from '#lib/time';
import type { ReadLimiter } from '../../http/answers/heavy-reads';
import {
  readHorizon,
  readNames,
  readPeriod,
  readPrior,
  readResolution,
  readSources,
  requireType,
  requireUnit,
} from '../messages/fields';
import { toGroups, type NamedValues } from '../messages/groups';
import type { Message } from '../messages/message';
import { inapplicableResolution, invalidHorizon } from '../messages/rejections';
import { Connections, CONNECTION } from './connections.service';
import { POWER_UNITS } from './power-posts.service';
import { SourceChoice } from './source-choice.service';

/** Messages that ask for power of connections; consumption is positive. */
@Injectable()
export class PowerReads {
  constructor(
    private readonly connections: Connections,
    private readonly sources: SourceChoice,
    private readonly data: SensorDataService,
  ) {}

  /**
   * What connections have measured, or what was expected of them. Unknown values are null.
   * @param limitRead runs the reads, perhaps later
   * @throws ApiError with the code of the message; DomainError as SensorDataService.read; what `limitRead` throws
   */
  async read(
    message: Message,
    type: 'GetMeterDataRequest' | 'GetPrognosisRequest',
    user: Requester,
    limitRead: ReadLimiter,
  ): Promise<Record<string, unknown>> {
    requireType(message, type);
    const unit = requireUnit(message, 'power', POWER_UNITS);
    const names = readNames(message, CONNECTION);
    const horizonMs = readHorizon(message)?.horizonMs;
    if (type === 'GetMeterDataRequest' && horizonMs !== undefined && horizonMs > 0)
      throw invalidHorizon('Meter data has a zero or negative horizon: it is observed after the fact.');
    const filter = { horizonMs, priorMs: readPrior(message), type, unit };
    const period = readPeriod(message);
    const resolution = readResolution(message);
    const sourceIds = await this.sources.find(readSources(message), user);
    const sensors = await this.connections.findAll(names, user);
    checkResolution(sensors, resolution);
    const requests = sensors.map((sensor): DataRequest => {
      const endMs = addDuration(period.startMs, period.duration, sensor.timezone);
      return { ...filter, startMs: period.startMs, endMs, resolution, sourceIds };
    });
    const values = await this.readAll(sensors, requests, limitRead);
    const lengthMs = (requests[0]?.endMs ?? period.startMs) - period.startMs;
    return {
      ...toGroups('connection', namedValues(names, values)),
      start: period.start,
      duration: formatDuration(lengthMs),
      unit,
    };
  }

  private async readAll(
    sensors: readonly Sensor[],
    requests: readonly DataRequest[],
    limitRead: ReadLimiter,
  ): Promise<(number | null)[][]> {
    let count = 0;
    for (const [i, sensor] of sensors.entries()) count += await this.data.countEvents(sensor, requests[i]!);
    checkEventCount(count);
    return limitRead(count, async () => {
      const all: (number | null)[][] = [];
      for (const [i, sensor] of sensors.entries()) {
        const { values } = await this.data.read(sensor, requests[i]!);
        const sign = signOfSensor(sensor);
        // Adding 0 converts -0 to 0.
        all.push(Array.from(values, (value) => (Number.isNaN(value) ? null : sign * value + 0)));
      }
      return all;
    });
  }
}

const namedValues = (names: readonly string[], values: readonly (number | null)[][]): NamedValues[] =>
  names.map((name, i) => ({ name, values: values[i]! }));

/** @throws ApiError INVALID_RESOLUTION unless the resolution is a multiple of that of each sensor */
function checkResolution(sensors: readonly Sensor[], resolution: Duration | undefined): void {
  if (!resolution || resolution.years || resolution.months) return;
  const stepMs = durationToMs(resolution);
  const other = sensors.find(({ eventResolutionMs: ownMs }) => ownMs > 0 && stepMs % ownMs !== 0);
  if (other) throw inapplicableResolution(`${formatDuration(other.eventResolutionMs)} or a multiple hereof.`);
}
