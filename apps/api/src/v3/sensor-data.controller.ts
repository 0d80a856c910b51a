import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Permission, Requester } from '#lib/accounts/model';
import { SensorDataService } from '#lib/beliefs';
import { readPostedValues } from '#lib/beliefs/model';
import { sensorRules, SensorsService, SourcesService, type Sensor } from '#lib/sensors';
import {
  addDuration,
  durationToMs,
  formatDuration,
  formatInstant,
  parseDuration,
  parseInstant,
} from '#lib/time';
import type { ApiUser } from '../auth/api-user';
import { requirePermission, User } from '../auth/permission.guard';
import { unprocessable } from '../errors/api-error';
import { validated } from '../errors/validation';
import { sensorIdOf, withPlus } from './field-rules';
import { SensorDataPost, SensorDataQuery } from './sensor-data.dto';

const PROCESSED = { status: 'PROCESSED', message: 'Request has been processed.' };
const ALREADY_RECEIVED = {
  status: 'ALREADY_RECEIVED_AND_SUCCESSFULLY_PROCESSED',
  message: 'Some of the data has already been received and successfully processed.',
  results: 'PROCESSED',
};

@Controller('api/v3_0/sensors/data')
export class SensorDataController {
  constructor(
    private readonly data: SensorDataService,
    private readonly sensors: SensorsService,
    private readonly sources: SourcesService,
  ) {}

  @Post()
  @HttpCode(200)
  async post(@Body(validated('json')) body: SensorDataPost, @User() user: ApiUser) {
    const sensor = await this.sensor(body.sensor, 'json', user, 'create-children');
    const startMs = parseInstant(body.start);
    const { saved, unchanged } = await this.data.post(sensor, {
      startMs,
      durationMs: addDuration(startMs, parseDuration(body.duration), sensor.timezone) - startMs,
      values: readPostedValues(body.values),
      unit: body.unit,
      priorMs: body.prior === undefined ? undefined : parseInstant(body.prior),
      horizonMs: body.horizon === undefined ? undefined : durationToMs(parseDuration(body.horizon)),
      nowMs: Date.now(),
      sourceId: await this.sources.forUser(user),
    });
    return unchanged > 0 || saved === 0 ? ALREADY_RECEIVED : PROCESSED;
  }

  @Get()
  async get(@Query(validated('query')) query: SensorDataQuery, @User() user: Requester) {
    const sensor = await this.sensor(query.sensor, 'query', user, 'read');
    const startMs = parseInstant(withPlus(query.start));
    const endMs = addDuration(startMs, parseDuration(query.duration), sensor.timezone);
    const unit = query.unit ?? sensor.unit;
    const resolution = query.resolution === undefined ? undefined : parseDuration(query.resolution);
    const values = await this.data.read(sensor, {
      startMs,
      endMs,
      unit,
      resolution,
      priorMs: query.prior === undefined ? undefined : parseInstant(withPlus(query.prior)),
      horizonMs: query.horizon === undefined ? undefined : durationToMs(parseDuration(query.horizon)),
      sourceId: query.source === undefined ? undefined : Number(query.source),
    });
    return {
      ...PROCESSED,
      values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
      start: formatInstant(startMs, sensor.timezone),
      duration: formatDuration(endMs - startMs),
      resolution: formatDuration(
        sensor.eventResolutionMs === 0 || !resolution ? sensor.eventResolutionMs : durationToMs(resolution),
      ),
      unit,
    };
  }

  /** The sensor that a field refers to, if the user may do with it what is asked. */
  private async sensor(
    reference: string | number,
    place: 'json' | 'query',
    user: Requester,
    permission: Permission,
  ): Promise<Sensor> {
    const id = sensorIdOf(reference)!;
    const sensor = await this.sensors.get(id).catch(() => {
      throw unprocessable(place, { sensor: [`Sensor with id ${id} doesn't exist.`] });
    });
    requirePermission(user, permission, sensorRules(sensor));
    return sensor;
  }
}
