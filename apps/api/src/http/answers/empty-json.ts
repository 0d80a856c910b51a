import { Readable } from 'node:stream';
import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';

/**
 * Sends responses without a body as `application/json`, as FlexMeasures does: its Python client checks the media type of
 * every response. Express removes the media type of a 204 response, unless it is sent as a stream.
 */
@Injectable()
export class EmptyJson implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<StreamableFile> {
    return next.handle().pipe(map(() => new StreamableFile(Readable.from([]), { type: 'application/json' })));
  }
}
