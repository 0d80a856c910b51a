import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  BadRequestException,
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Request } from 'express';
import { from, lastValueFrom, of, type Observable } from 'rxjs';
import { isNamedSpreadsheet } from '#lib/beliefs/files';
import { SETTINGS, type Settings } from '#lib/config';
import { BodiesInFlight } from '../bodies/bodies-in-flight';
import { unprocessable } from '../errors/api-error';
import { UploadFolder } from './upload-folder';
import { ReceivedFile, UploadForm } from './upload-form';

const FILE = 'file';

/** What forms may hold; more than any of ours has, so that what is too much can be named. */
const LIMITS = { files: 2, fields: 50, fieldSize: 10_000, fieldNameSize: 100 };

/** Kinds of files by media type, where the extension does not tell. */
const EXTENSIONS: Record<string, string> = {
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': '.xlsx',
  'application/vnd.ms-excel': '.xls',
  'application/vnd.oasis.opendocument.spreadsheet': '.ods',
};

interface MulterFile {
  path: string;
  originalname: string;
  mimetype: string;
}

type UploadRequest = Request & { file?: MulterFile };

/** Receives a form with a file onto the disk, as an `UploadForm`, and removes the file whatever happens. */
@Injectable()
export class UploadInterceptor implements NestInterceptor {
  private readonly receiver: NestInterceptor;

  constructor(
    folder: UploadFolder,
    private readonly inFlight: BodiesInFlight,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const limits = { ...LIMITS, fileSize: settings.maxUploadBytes };
    this.receiver = new (FileInterceptor(FILE, { dest: folder.path, limits }))();
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<UploadRequest>();
    if (!request.is('multipart/form-data')) return next.handle();
    return of(await this.inFlight.upload(request, () => this.receive(context, request, next)));
  }

  private async receive(
    context: ExecutionContext,
    request: UploadRequest,
    next: CallHandler,
  ): Promise<unknown> {
    const handler = { handle: () => from(answer(request, next)) };
    const answered = await Promise.resolve(this.receiver.intercept(context, handler)).catch(
      (error: unknown) => {
        throw explained(error);
      },
    );
    return lastValueFrom(answered);
  }
}

/** Lets the route answer; the reader of files tells their kinds by their extensions. */
async function answer(request: UploadRequest, next: CallHandler): Promise<unknown> {
  const { file } = request;
  const texts = request.body as object;
  if (!file) {
    request.body = new UploadForm(texts, undefined);
    return lastValueFrom(next.handle());
  }
  const named = file.path + extensionOf(file);
  try {
    await rename(file.path, named);
    request.body = new UploadForm(texts, new ReceivedFile(named));
    return await lastValueFrom(next.handle());
  } finally {
    await Promise.all([file.path, named].map((path) => rm(path, { force: true })));
  }
}

function extensionOf({ originalname, mimetype }: MulterFile): string {
  const given = extname(originalname).toLowerCase();
  if (given === '.csv' || isNamedSpreadsheet(originalname)) return given;
  return EXTENSIONS[mimetype] ?? '.csv';
}

/** A file in another field, or a second one, is a mistake in a field like others. */
function explained(error: unknown): unknown {
  const field =
    error instanceof BadRequestException
      ? /^Unexpected (?:file )?field - (.*)$/s.exec(error.message)?.[1]
      : undefined;
  if (field === undefined) return error;
  return unprocessable('form', { [field]: [field === FILE ? 'Send one file.' : 'Unknown field.'] });
}
