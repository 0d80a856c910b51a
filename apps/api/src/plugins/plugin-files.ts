import { join } from 'node:path';
import type { Response } from 'express';
import type { SentFile } from '#lib/plugin-api';
import type { LoadedPlugin } from '#lib/plugins';
import { rejected } from '../http/errors/api-error';

const HOUR_MS = 3_600_000;

/**
 * Sends a file of the static folder of a plugin.
 * @throws ApiError 404 if there is no such file, or if the path leaves the folder
 */
export function sendStatic(
  { folder, definition }: LoadedPlugin,
  { path, type }: Pick<SentFile, 'path' | 'type'>,
  response: Response,
): Promise<void> {
  const notFound = rejected(404, 'NOT_FOUND', 'There is nothing at this path.');
  const root = definition?.static;
  if (root === undefined) throw notFound;
  if (type !== undefined) response.type(type);
  return new Promise((resolve, reject) => {
    response.sendFile(path, { root: join(folder, root), maxAge: HOUR_MS }, (error?: Error) => {
      if (!error || response.headersSent) resolve();
      else reject(notFound);
    });
  });
}
