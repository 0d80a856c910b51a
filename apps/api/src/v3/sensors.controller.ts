import { Controller, Get, Headers } from '@nestjs/common';
import type { Account } from '#lib/accounts';
import { SensorsService } from '#lib/sensors';
import { RequiresPermission, Resource } from '../auth/permission.guard';
import { toSensorResponse } from './responses';

@Controller('api/v3_0/sensors')
export class SensorsController {
  constructor(private readonly sensors: SensorsService) {}

  @Get()
  @RequiresPermission('read', 'account-of-query')
  async list(@Resource() account: Account, @Headers('host') host = 'localhost') {
    const sensors = await this.sensors.listByAccount(account.id);
    return sensors.map((sensor) => toSensorResponse(sensor, host));
  }
}
