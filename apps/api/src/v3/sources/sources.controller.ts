import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Requester } from '#lib/accounts/model';
import { latestSources, SourcesService } from '#lib/sensors';
import { User } from '../../http/auth/permissions/permission.guard';
import { parseIdInPath } from '../../http/auth/permissions/resource-loaders';
import { ApiParam } from '../../http/contract/metadata';
import { Operation } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { SourceAnswer, SourceList, SourceListQuery } from './sources.dto';
import { toSourceDetails, toSourceList } from './sources.mapper';

/** The data sources that a user may know. */
@Controller('api/v3_0/sources')
export class SourcesController {
  constructor(private readonly sources: SourcesService) {}

  @Get()
  @Operation('listSources', { answer: SourceList, errors: [422] })
  async list(@Query(validationPipe('query')) query: SourceListQuery, @User() user: Requester) {
    const { only_latest: isLatest = true } = query;
    const sources = await this.sources.listReadable(user);
    return { ...toSourceList(isLatest ? latestSources(sources) : sources), status: 200 };
  }

  @Get(':id')
  @ApiParam({ name: 'id', schema: { type: 'integer', minimum: 1 } })
  @Operation('getSource', { answer: SourceAnswer, errors: [403, 404, 422] })
  async get(@Param('id') id: string, @User() user: Requester) {
    return { ...toSourceDetails(await this.sources.getReadable(parseIdInPath(id, 'id'), user)), status: 200 };
  }
}
