import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  BadRequestException,
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { FilesInterceptor } from '@nestjs/platform-express';
import type { Request } from 'express';
import { from, lastValueFrom, of, type Observable } from 'rxjs';
import { isNamedSpreadsheet } from '#lib/beliefs/files';
import { SETTINGS, type Settings } from '#lib/config';
import { BodiesInFlight } from '../bodies/bodies-in-flight';
import { unprocessable } from '../errors/api-error';
import { UploadFolder } from './upload-folder';
import { ReceivedFile, UploadForm } from './upload-form';

/** Limits of forms; higher than our forms need, so that the error can name an unknown field. */
const LIMITS = { fields: 50, fieldSize: 10_000, fieldNameSize: 100 };

/** The files of a form. */
export interface FormFiles {
  /** Name of their field. */
  field: string;
  /** Largest number of files; a form with one file has it as the value of the field, others have a list. */
  maxFiles: number;
}

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

type UploadRequest = Request & { files?: MulterFile[] };

/** An interceptor that receives a form as an `UploadForm`, saves its files to the upload folder, and always deletes them. */
export function UploadInterceptor({ field, maxFiles }: FormFiles): Type<NestInterceptor> {
  @Injectable()
  class UploadReceiver implements NestInterceptor {
    private readonly receiver: NestInterceptor;

    constructor(
      folder: UploadFolder,
      private readonly inFlight: BodiesInFlight,
      @Inject(SETTINGS) settings: Settings,
    ) {
      const limits = { ...LIMITS, files: maxFiles + 1, fileSize: settings.maxUploadBytes };
      this.receiver = new (FilesInterceptor(field, maxFiles, { dest: folder.path, limits }))();
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
      const handler = { handle: () => from(answer(request, next, { field, maxFiles })) };
      const answered = await Promise.resolve(this.receiver.intercept(context, handler)).catch(
        (error: unknown) => {
          throw toFieldErrorOfForm(error, { field, maxFiles });
        },
      );
      return lastValueFrom(answered);
    }
  }
  return UploadReceiver;
}

/** Renames the files to their extensions, which tell the reader their format, and calls the route. */
async function answer(
  request: UploadRequest,
  next: CallHandler,
  { field, maxFiles }: FormFiles,
): Promise<unknown> {
  const files = (request.files ?? []).map((file) => ({
    path: file.path,
    named: file.path + extensionOf(file),
  }));
  try {
    for (const { path, named } of files) await rename(path, named);
    const received = files.map(({ named }) => new ReceivedFile(named));
    const value = maxFiles === 1 ? received[0] : received;
    request.body = new UploadForm({
      ...(request.body as object),
      ...(received.length > 0 && { [field]: value }),
    });
    return await lastValueFrom(next.handle());
  } finally {
    await Promise.all(
      files.flatMap(({ path, named }) => [path, named]).map((path) => rm(path, { force: true })),
    );
  }
}

function extensionOf({ originalname, mimetype }: MulterFile): string {
  const given = extname(originalname).toLowerCase();
  if (given === '.csv' || isNamedSpreadsheet(originalname)) return given;
  return EXTENSIONS[mimetype] ?? '.csv';
}

/** Converts multer's error for an unexpected field, or for too many files, to a field error. */
function toFieldErrorOfForm(error: unknown, { field, maxFiles }: FormFiles): unknown {
  const found =
    error instanceof BadRequestException
      ? /^Unexpected (?:file )?field - (.*)$/s.exec(error.message)?.[1]
      : undefined;
  if (found === undefined) return error;
  const reason = maxFiles === 1 ? 'Send only one file.' : `Send at most ${maxFiles} files.`;
  return unprocessable('form', { [found]: [found === field ? reason : 'Unknown field.'] });
}
