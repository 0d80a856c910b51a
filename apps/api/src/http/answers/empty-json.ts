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
 * Labels answers without a body as JSON, as FlexMeasures does: its Python client checks the media type of every answer.
 * Express removes the media type of a 204 that it sends by itself, but not that of a stream.
 */
@Injectable()
export class EmptyJson implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<StreamableFile> {
    return next.handle().pipe(map(() => new StreamableFile(Readable.from([]), { type: 'application/json' })));
  }
}
