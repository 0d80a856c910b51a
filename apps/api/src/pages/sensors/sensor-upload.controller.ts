import { Body, Controller, Get, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import type { PreviewedFile } from '#lib/beliefs';
import type { Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { UploadForm } from '../../http/uploads/upload-form';
import { UploadInterceptor } from '../../http/uploads/upload.interceptor';
import { DataUpload } from '../../v3/sensor-data/data-upload.dto';
import { DataUploadService } from '../../v3/sensor-data/data-upload.service';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { instantOf } from '../forms/local-times';
import { Pages } from '../frame/pages.service';
import { timeInWords } from '../frame/words';
import { shownNumber } from '../graphs/latest-values.service';
import type { PageRequest } from '../sessions/page-request';
import { sensorHeader } from './sensor-header';
import { emptyUpload, shownUpload, toUploadBody, UPLOAD_CHOICES, UPLOAD_FIELDS } from './upload-form';

const FILE = { field: 'file', maxFiles: 1 };

/** So many events of a file are shown. */
const SHOWN_EVENTS = 10;

/** What is shown besides the form. */
interface Result {
  preview?: PreviewedFile;
  done?: string;
}

/** The form with which a person uploads a file with data of a sensor, with a preview. */
@ApiExcludeController()
@Controller('sensors/:id/upload')
export class SensorUploadController {
  constructor(
    private readonly pages: Pages,
    private readonly uploads: DataUploadService,
  ) {}

  @Get()
  @RequiresPermission('create-children', 'sensor')
  async show(
    @Resource() sensor: Sensor,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(sensor, request, response, emptyUpload(sensor.timezone));
  }

  /** The address at which the form was shown last, for people who open it again. */
  @Get('preview')
  @RequiresPermission('create-children', 'sensor')
  showAgain(@Resource() { id }: Sensor, @Res() response: Response): void {
    response.redirect(303, `/sensors/${id}/upload`);
  }

  @Post()
  @RequiresPermission('create-children', 'sensor')
  @UseInterceptors(UploadInterceptor(FILE))
  async upload(
    @Resource() sensor: Sensor,
    @Body() body: unknown,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(sensor, body, request, response, async (upload) => {
      const { message } = await this.uploads.post(sensor, upload, user);
      return { done: message };
    });
  }

  @Post('preview')
  @RequiresPermission('create-children', 'sensor')
  @UseInterceptors(UploadInterceptor(FILE))
  async preview(
    @Resource() sensor: Sensor,
    @Body() body: unknown,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(sensor, body, request, response, async (upload) => ({
      preview: await this.uploads.preview(sensor, upload, user, SHOWN_EVENTS),
    }));
  }

  /** Shows the form again, with what came out. */
  private async answer(
    sensor: Sensor,
    body: unknown,
    request: PageRequest,
    response: Response,
    work: (upload: DataUpload) => Promise<Result>,
  ): Promise<void> {
    const fields = body instanceof UploadForm ? body.fields : {};
    const form = shownUpload(fields);
    try {
      const sent = toUploadBody(fields, (local) => instantOf(local, sensor.timezone));
      const result = await work(await validateFields(DataUpload, sent));
      await this.send(sensor, request, response, form, {}, result);
    } catch (error) {
      await this.send(sensor, request, response, form, formProblems(error, request, UPLOAD_FIELDS));
    }
  }

  private async send(
    sensor: Sensor,
    request: PageRequest,
    response: Response,
    form: Record<string, string>,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
    { preview, done }: Result = {},
  ): Promise<void> {
    const content = {
      title: `Upload data of ${sensor.name}`,
      sensor: sensorHeader(sensor),
      ...{ form, problem, reasons, done, mistakes: mistakesIn(reasons), groups: groupsOf(reasons) },
      preview: preview && previewContent(preview, sensor),
    };
    await this.pages.send(request, response.set(headers), 'sensor-upload.html', content, { status });
  }
}

/** The groups of choices; the first one is open, and those in which something is wrong. */
const groupsOf = (reasons: Readonly<Record<string, string>>) =>
  UPLOAD_CHOICES.map(({ title, choices }, i) => ({
    ...{ title, choices },
    is_open: i === 0 || choices.some(({ name }) => name in reasons),
  }));

/** What is wrong, with the labels of the fields; what is wrong with the file needs none. */
const mistakesIn = (reasons: Readonly<Record<string, string>>): string[] =>
  Object.entries(reasons).map(([name, reason]) => {
    const label = UPLOAD_CHOICES.flatMap(({ choices }) => choices).find((one) => one.name === name)?.label;
    return label === undefined ? reason : `${label}: ${reason}`;
  });

const previewContent = ({ starts, values, columns, notes }: PreviewedFile, { timezone }: Sensor) => ({
  ...{ notes, columns: columns?.join(', ') },
  rows: starts.map((startMs, i) => ({
    time: timeInWords(formatInstant(startMs, timezone)),
    value: Number.isNaN(values[i]) ? 'no value' : shownNumber(values[i]!),
  })),
});
