import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_FILES, DOTENV_FILE } from '#lib/config/model';

const VARIABLES = ['FLEXMEASURES_PLUGINS', 'FLEXMEASURES_PLUGIN_PATHS', 'FLEXMEASURES_CONFIG_PATH'];

/** Whether there can be plugins: loading what finds them takes a quarter of a second, which the help need not take. */
export const mayHavePlugins = (): boolean =>
  VARIABLES.some((name) => process.env[name] !== undefined) ||
  [
    ...CONFIG_FILES.home.map((file) => join(homedir(), file)),
    ...CONFIG_FILES.working,
    DOTENV_FILE,
    'plugins',
  ].some((path) => existsSync(path));
