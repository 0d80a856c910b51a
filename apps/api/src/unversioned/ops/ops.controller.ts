import type { IncomingHttpHeaders } from 'node:http';
import { Body, Controller, Get, Headers, Post, Query, Res, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import { RequiresUserRoles } from '../../http/auth/permissions/role-requirements';
import { FORM_TYPES, FormReader } from '../../http/bodies/form-reader.interceptor';
import { ApiBody, ApiConsumes, ApiQuery } from '../../http/contract/metadata';
import { Rejection } from '../../http/schema/failures.dto';
import { Operation } from '../../http/schema/operation';
import { Ping, TaskRun, TaskRunFailure, TaskRunForm, TaskRunReceipt } from './ops.dto';
import { TaskRunsService } from './task-runs.service';

/** Operations for programs of the host: a sign of life, and runs of recurring tasks. */
@Controller('api/ops')
export class OpsController {
  constructor(private readonly taskRuns: TaskRunsService) {}

  @Get('ping')
  @Operation('ping', { answer: Ping, isPublic: true, usesDatabase: false })
  ping(): Ping {
    return { message: 'ok', status: 200 };
  }

  @Get('getLatestTaskRun')
  @ApiQuery({ name: 'name', required: false, type: String })
  @Operation('getLatestTaskRun', {
    answer: TaskRun,
    errorBodies: { 400: [Rejection, TaskRun], 401: TaskRun, 403: TaskRun, 404: TaskRun },
    isPublic: true,
  })
  async get(
    @Query('name') name: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TaskRun> {
    const { httpStatus, run } = await this.taskRuns.get(typeof name === 'string' ? name : '', headers);
    response.status(httpStatus);
    return run;
  }

  @Post('postLatestTaskRun')
  @RequiresUserRoles('task-runner')
  @UseInterceptors(FormReader)
  @ApiConsumes(...FORM_TYPES)
  @ApiBody({ type: TaskRunForm })
  @Operation('postLatestTaskRun', {
    answer: TaskRunReceipt,
    status: 200,
    errors: [403],
    errorBodies: { 400: [Rejection, TaskRunFailure] },
  })
  async post(@Body() fields: Record<string, unknown>): Promise<TaskRunReceipt> {
    await this.taskRuns.record(fields);
    return { status: 'OK' };
  }
}
