import { Controller, Get, Inject, Query } from '@nestjs/common';
import { AccuracyService } from '#lib/forecasting';
import type { Sensor } from '#lib/sensors';
import { CLOCK, DAY_MS, parseDurationMs, parseInstant, type Clock } from '#lib/time';
import { RequiresPermission, Resource } from '../../http/auth/permissions/permission.guard';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AccuracyQuery, SensorAccuracy } from './sensor-accuracy.dto';
import { toSensorAccuracy } from './sensor-accuracy.mapper';

/** Length of the default window. */
const DEFAULT_WINDOW_MS = 60 * DAY_MS;

/** Accuracy of the forecasts of the sensor in the path. */
@Controller('api/v3_0/sensors/:id')
export class SensorAccuracyController {
  constructor(
    private readonly accuracy: AccuracyService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('accuracy')
  @Operation('getSensorAccuracy', { deviceScope: 'read', answer: SensorAccuracy, errors: [403, 422] })
  @RequiresPermission('read', 'sensor')
  async get(@Resource() sensor: Sensor, @Query(validationPipe('query')) query: AccuracyQuery) {
    const { event_starts_after: after, event_ends_before: before, source: sourceId, horizon } = query;
    const endMs = before === undefined ? this.clock.now() : parseInstant(before);
    const startMs = after === undefined ? endMs - DEFAULT_WINDOW_MS : parseInstant(after);
    const horizonsMs = horizon === undefined ? undefined : [parseDurationMs(horizon)];
    const found = await this.accuracy.compute(sensor, { startMs, endMs, sourceId, horizonsMs });
    return { ...toSensorAccuracy(sensor, { startMs, endMs }, found), status: 200 };
  }
}
