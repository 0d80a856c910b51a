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

/** Limits of forms; higher than our forms need, so that the error can name an unknown field. */
const LIMITS = { files: 2, fields: 50, fieldSize: 10_000, fieldNameSize: 100 };

/** Extensions by media type, for files without a known extension. */
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

/** Receives a form as an `UploadForm`, saves its file to the upload folder, and always deletes it after the response. */
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
        throw toFieldErrorOfForm(error);
      },
    );
    return lastValueFrom(answered);
  }
}

/** Renames the file to its extension, which tells the reader its format, and calls the route. */
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

/** Converts multer's error for an unexpected field, or a second file, to a field error. */
function toFieldErrorOfForm(error: unknown): unknown {
  const field =
    error instanceof BadRequestException
      ? /^Unexpected (?:file )?field - (.*)$/s.exec(error.message)?.[1]
      : undefined;
  if (field === undefined) return error;
  return unprocessable('form', { [field]: [field === FILE ? 'Send only one file.' : 'Unknown field.'] });
}
