import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { parseIdInPath } from '../auth/permissions/resource-loaders';

/** Converts an id in the path, other than that of the resource of the route, to a number. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  /** @throws ApiError 422 if it is not an integer, 404 if the database cannot store it */
  transform(value: string, { data: name = 'id' }: ArgumentMetadata): number {
    return parseIdInPath(value, name);
  }
}
