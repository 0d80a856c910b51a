import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_FILES, DOTENV_FILE } from '#lib/config/model';

const VARIABLES = ['FLEXMEASURES_PLUGINS', 'FLEXMEASURES_PLUGIN_PATHS', 'FLEXMEASURES_CONFIG_PATH'];

/**
 * Whether there can be plugins: in a folder `plugins`, or named by settings. Loading what finds them takes a quarter of a
 * second, and with plugins, ES modules of packages cannot come from a pack.
 */
export const mayHavePlugins = (): boolean =>
  VARIABLES.some((name) => process.env[name] !== undefined) ||
  existsSync('plugins') ||
  [...CONFIG_FILES.home.map((file) => join(homedir(), file)), ...CONFIG_FILES.working, DOTENV_FILE].some(
    mayNamePlugins,
  );

/** Whether a file of settings has a variable about plugins, or cannot be read. */
function mayNamePlugins(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const text = readFileSync(file, 'utf8');
    return VARIABLES.some((name) => text.includes(name));
  } catch {
    return true;
  }
}
