import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error';
import { CONFIG_FILES, DOTENV_FILE } from '../model';
import { SettingSource, type ConfigFile, type SettingPlaces } from './setting-source';
import { parseSettingsFile } from './settings-file';

/**
 * Opens the places of settings: the environment, the file `.env` of the working directory, and the config file
 * (`~/.flexmeasures.cfg`, `~/flexmeasures.cfg` or `instance/flexmeasures.cfg`, or the file in FLEXMEASURES_CONFIG_PATH).
 * The earlier ones have priority.
 * @throws ConfigError if a file cannot be read
 */
export function openSettings(env: NodeJS.ProcessEnv = process.env): SettingSource {
  const dotenv = readDotenv();
  const configured = env['FLEXMEASURES_CONFIG_PATH'] ?? dotenv?.values['FLEXMEASURES_CONFIG_PATH'];
  // As everywhere, an empty variable is one that is not set.
  return new SettingSource({ env, dotenv, file: readConfigFile(configured === '' ? undefined : configured) });
}

function readDotenv(): SettingPlaces['dotenv'] {
  const path = resolve(DOTENV_FILE);
  return existsSync(path) ? { path, values: parseEnv(readFileSync(path, 'utf8')) } : undefined;
}

function readConfigFile(configured: string | undefined): ConfigFile {
  if (configured !== undefined && !existsSync(configured)) {
    throw new ConfigError('FLEXMEASURES_CONFIG_PATH', `the file ${configured} does not exist`);
  }
  const lookedFor =
    configured !== undefined
      ? [configured]
      : [
          ...CONFIG_FILES.home.map((file) => join(homedir(), file)),
          ...CONFIG_FILES.working.map((file) => resolve(file)),
        ];
  const path = lookedFor.find((candidate) => existsSync(candidate));
  const text = path === undefined ? '' : readFileSync(path, 'utf8');
  const invalid = new Map<string, ConfigError>();
  const values = parseSettingsFile(text, (error) => invalid.set(error.setting, error));
  return { path, lookedFor, values, invalid };
}
