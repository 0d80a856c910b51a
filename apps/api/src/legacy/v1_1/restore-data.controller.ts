import { Controller, HttpCode, Put, Req, UseFilters } from '@nestjs/common';
import type { Request } from 'express';
import { RequiresUserRoles } from '../../http/auth/permissions/role-requirements';
import { ApiExcludeController } from '../../http/contract/metadata';
import { PROCESSED } from '../../v3/sensor-data/data-receipt';
import { BackupRestorer } from '../control/backup-restorer.service';
import { LegacyErrorFilter } from '../messages/legacy-error.filter';
import { readMessage } from '../messages/message';

/** Restores the database of a simulation. Version 0.12 of FlexMeasures had the second path. */
@ApiExcludeController()
@UseFilters(LegacyErrorFilter)
@Controller('api')
export class RestoreDataController {
  constructor(private readonly restorer: BackupRestorer) {}

  @Put(['v1_1/restoreData', 'restoreData'])
  @HttpCode(200)
  @RequiresUserRoles('admin')
  async restore(@Req() request: Request) {
    const name = request.query['backup'] ?? readMessage(request)['backup'];
    const restored = await this.restorer.restore(name);
    return { ...PROCESSED, message: `${PROCESSED.message} Database restored to ${restored}.` };
  }
}
