import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { BeliefMaintenanceService, BeliefsService, type DeletedData } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { RequiresPermission, Resource } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { DataDeletion, toDeletedPeriod } from '../../v3/sensor-data/data-deletion.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { instantOf } from '../forms/local-times';
import { Pages } from '../frame/pages.service';
import { fieldsOf, type PageRequest } from '../sessions/page-request';
import { sensorHeader } from './sensor-header';

const FIELDS = ['start', 'until', 'source'] as const;

/** Of more beliefs, the sources are not listed, because that takes long. */
const MAX_COUNTED = 200_000;

type Form = Record<(typeof FIELDS)[number], string>;

/** The form with which a person deletes data of a sensor: it says how many values, and asks. */
@ApiExcludeController()
@Controller('sensors/:id/delete-data')
export class DataDeletionPageController {
  constructor(
    private readonly pages: Pages,
    private readonly beliefs: BeliefsService,
    private readonly maintenance: BeliefMaintenanceService,
  ) {}

  @Get()
  @RequiresPermission('delete', 'sensor')
  async show(
    @Resource() sensor: Sensor,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(sensor, request, response, { start: '', until: '', source: '' });
  }

  /** The address at which the form was shown last, for people who open it again. */
  @Get('count')
  @RequiresPermission('delete', 'sensor')
  showAgain(@Resource() { id }: Sensor, @Res() response: Response): void {
    response.redirect(303, `/sensors/${id}/delete-data`);
  }

  /** Counts what would be deleted. */
  @Post('count')
  @RequiresPermission('delete', 'sensor')
  async count(
    @Resource() sensor: Sensor,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(sensor, request, response, async (period) => ({
      count: await this.maintenance.countData(sensor, period),
    }));
  }

  @Post()
  @RequiresPermission('delete', 'sensor')
  async delete(
    @Resource() sensor: Sensor,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(sensor, request, response, async (period) => ({
      deleted: await this.maintenance.deleteData(sensor, period),
    }));
  }

  private async answer(
    sensor: Sensor,
    request: PageRequest,
    response: Response,
    work: (period: DeletedData) => Promise<object>,
  ): Promise<void> {
    const form = fieldsOf(request, FIELDS);
    try {
      const result = await work(await readPeriod(form, sensor));
      await this.send(sensor, request, response, form, {}, result);
    } catch (error) {
      await this.send(sensor, request, response, form, formProblems(error, request as Request, FIELDS));
    }
  }

  private async send(
    sensor: Sensor,
    request: PageRequest,
    response: Response,
    form: Form,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
    result: object = {},
  ): Promise<void> {
    const isSmall = (await this.beliefs.countUpTo(MAX_COUNTED + 1, sensor, {})) <= MAX_COUNTED;
    const figures = isSmall ? await this.beliefs.figuresBySource(sensor) : [];
    const content = {
      title: `Delete data of ${sensor.name}`,
      sensor: sensorHeader(sensor),
      ...{ form, problem, reasons, ...result },
      sources: figures.map(({ source, count }) => [
        String(source.id),
        `${source.name} (ID: ${source.id}), ${count} values`,
      ]),
    };
    await this.pages.send(request, response.set(headers), 'sensor-delete-data.html', content, { status });
  }
}

async function readPeriod({ start, until, source }: Form, sensor: Sensor): Promise<DeletedData> {
  const instant = (local: string): string => instantOf(local, sensor.timezone);
  const body = await validateFields(DataDeletion, {
    ...(start !== '' && { start: instant(start) }),
    ...(until !== '' && { until: instant(until) }),
    ...(source !== '' && { source: Number(source) }),
  });
  return { ...toDeletedPeriod(body, sensor.eventResolutionMs), sourceId: body.source };
}
