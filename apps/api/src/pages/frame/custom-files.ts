import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Paths of the files that settings name. */
export const CUSTOM_LOGO = '/static/custom/logo';
export const CUSTOM_CSS = '/static/custom/extra.css';

/**
 * The address of a logo or style sheet.
 * @param setting a URL, a file of this machine, or a path on this server
 * @param servedAt path under which the server serves the file
 * @returns undefined for an empty setting
 */
export function customUrl(setting: string, servedAt: string): string | undefined {
  if (setting === '') return undefined;
  if (/^https?:\/\//.test(setting)) return setting;
  if (findCustomFile(setting) !== undefined) return servedAt;
  return `/${setting.replace(/^\/+/, '')}`;
}

/** The file that a setting names, if it is one; relative to the working directory. */
export function findCustomFile(setting: string): string | undefined {
  const file = resolve(setting);
  return setting !== '' && existsSync(file) ? file : undefined;
}

/** The origin of a setting that is a complete URL, for the content security policy. */
export const originsOf = (setting: string): string[] =>
  /^https?:\/\//.test(setting) && URL.canParse(setting) ? [new URL(setting).origin] : [];
