import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { NoFilesInterceptor } from '@nestjs/platform-express';
import { urlencoded, type Request, type Response } from 'express';
import type { Observable } from 'rxjs';

/** Media types of forms without files. */
export const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** Limits of forms without files, which have few fields and are not compressed. */
export const FORM_LIMITS = { extended: false, inflate: false, limit: '16kb', parameterLimit: 20 };

const MULTIPART_LIMITS = { fields: 20, fieldSize: 10_000, fieldNameSize: 100 };

/** Reads a form without files, after authentication and authorization. Other bodies count as a form without fields. */
@Injectable()
export class FormReader implements NestInterceptor {
  private readonly readUrlEncoded = urlencoded(FORM_LIMITS);
  private readonly multipart: NestInterceptor = new (NoFilesInterceptor({ limits: MULTIPART_LIMITS }))();

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    if (request.is('multipart/form-data')) return this.multipart.intercept(context, next);
    request.body = {};
    if (request.is('application/x-www-form-urlencoded')) await this.read(request, response);
    return next.handle();
  }

  private read(request: Request, response: Response): Promise<void> {
    // The parser skips requests that have a body already.
    request.body = undefined;
    return new Promise((resolve, reject) => {
      this.readUrlEncoded(request, response, (error?: unknown) => {
        request.body ??= {};
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('The form cannot be read.'));
      });
    });
  }
}
