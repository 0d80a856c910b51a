import { ConfigError } from './config-error';
import { parseSettingsFile, type SettingValue } from './settings-file';

const UNITS_MS: Record<string, number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** The config file, and where it was looked for. */
export interface ConfigFile {
  /** Undefined if there is none. */
  path?: string;
  /** Where it was looked for, in this order. */
  lookedFor: readonly string[];
  values: ReadonlyMap<string, SettingValue>;
  /** Settings that are not literals. They are errors only if they are read. */
  invalid: ReadonlyMap<string, ConfigError>;
}

/** Where values of settings are. */
export interface SettingPlaces {
  env: NodeJS.ProcessEnv;
  file: ConfigFile;
  /** The variables of the file `.env`, and its path. */
  dotenv?: { path: string; values: NodeJS.ProcessEnv };
  /** What plugins set, with their names. */
  ofPlugins?: ReadonlyMap<string, { value: SettingValue; plugin: string }>;
}

/** Values of settings by name. What plugins set has priority, then the environment, the file `.env`, and the config file. */
export class SettingSource {
  /** @param asked names of the settings that were read, or would be if others were set */
  constructor(
    private readonly places: SettingPlaces,
    private readonly asked = new Set<string>(),
  ) {}

  /** The settings that somebody reads, by name. */
  get knownNames(): string[] {
    return [...this.asked].sort();
  }

  /** Marks settings as known that are read only if others are set. */
  know(...names: string[]): void {
    for (const name of names) this.asked.add(name);
  }

  get file(): ConfigFile {
    return this.places.file;
  }

  /** This source with settings of plugins in place of those that it has. */
  withPlugins(ofPlugins: SettingPlaces['ofPlugins']): SettingSource {
    return new SettingSource({ ...this.places, ofPlugins }, this.asked);
  }

  /** Where the value of a setting comes from, for people; undefined if it is not set. */
  originOf(name: string): string | undefined {
    const { env, file, dotenv, ofPlugins } = this.places;
    const plugin = ofPlugins?.get(name)?.plugin;
    if (plugin !== undefined) return `plugin ${plugin}`;
    if (env[name] !== undefined) return 'environment';
    if (dotenv?.values[name] !== undefined) return dotenv.path;
    return file.values.has(name) || file.invalid.has(name) ? file.path : undefined;
  }

  /** Names of all settings that are set outside of the environment, which has variables of other programs. */
  get names(): string[] {
    const { file, dotenv } = this.places;
    return [
      ...new Set([...file.values.keys(), ...file.invalid.keys(), ...Object.keys(dotenv?.values ?? {})]),
    ];
  }

  /** A variable of the environment alone. */
  variable(name: string): string | undefined {
    this.asked.add(name);
    const text = this.places.env[name];
    return text === '' ? undefined : text;
  }

  /** Names of variables of the environment. */
  get variables(): string[] {
    return Object.keys(this.places.env);
  }

  isNone(name: string): boolean {
    const text = this.textOf(name);
    return text === undefined ? this.fromFile(name) === null : /^none$/i.test(text);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw new ConfigError(name, 'a text is expected');
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    const chosen = choices.find((choice) => choice === text);
    if (text !== undefined && chosen === undefined) {
      throw new ConfigError(name, `one of ${choices.join(', ')} is expected`);
    }
    return chosen;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(true|1|yes|false|0|no)$/i.test(value))
      return /^(true|1|yes)$/i.test(value);
    throw new ConfigError(name, 'True or False is expected');
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw new ConfigError(name, 'a number is expected');
  }

  /** Numbers of all settings whose names start with a prefix, by the rest of the name. */
  numbersWithPrefix(prefix: string): Map<string, number> {
    const names = [...new Set([...this.variables, ...this.names])];
    const numbers = new Map<string, number>();
    for (const name of names.filter((name) => name.startsWith(prefix))) {
      const number = this.number(name);
      if (number !== undefined) numbers.set(name.slice(prefix.length), number);
    }
    return numbers;
  }

  /** Milliseconds from a timedelta of the file, a number of seconds from the environment, or a text such as "5 days". */
  duration(name: string): number | undefined {
    const text = this.value(name);
    const [, count, unit = ''] = /^(\d+) *([a-z]+?)s?$/.exec(typeof text === 'string' ? text : '') ?? [];
    const unitMs = UNITS_MS[unit];
    if (unitMs !== undefined) return Number(count) * unitMs;
    const fromFile = this.textOf(name) === undefined;
    const value = this.number(name);
    return value === undefined || fromFile ? value : value * 1000;
  }

  /** A list of texts; in the environment, commas can separate them. */
  texts(name: string): string[] | undefined {
    const value = this.literal(name);
    if (value === undefined) return undefined;
    const items = Array.isArray(value) ? value : [value];
    if (items.every((item) => typeof item === 'string')) return items;
    throw new ConfigError(name, 'a list of texts is expected');
  }

  /** Any value. In the environment, it is a Python literal as in the file, or a text, which is split at commas. */
  literal(name: string): SettingValue | undefined {
    const text = this.textOf(name);
    const value = this.value(name);
    if (text === undefined || value === undefined) return value;
    const trimmed = text.trim();
    if (/^(?:[[({'"]|r['"]|-?\d+(?:\.\d+)?$|(?:True|False|None)$)/i.test(trimmed)) {
      return parseSettingsFile(`${name} = ${trimmed}`).get(name) ?? undefined;
    }
    const parts = trimmed.split(',').map((part) => part.trim());
    return parts.length > 1 ? parts : trimmed;
  }

  private value(name: string): SettingValue | undefined {
    const text = this.textOf(name);
    if (text !== undefined) return text === '' ? undefined : text;
    return this.fromFile(name) ?? undefined;
  }

  /** The text of a variable, which has priority over the config file. */
  private textOf(name: string): string | undefined {
    this.asked.add(name);
    const { env, dotenv, ofPlugins } = this.places;
    return ofPlugins?.has(name) ? undefined : (env[name] ?? dotenv?.values[name]);
  }

  private fromFile(name: string): SettingValue | undefined {
    const { file, ofPlugins } = this.places;
    const ofPlugin = ofPlugins?.get(name);
    if (ofPlugin) return ofPlugin.value;
    // If a file contains a setting twice, the last one applies.
    if (file.values.has(name)) return file.values.get(name);
    const refused = file.invalid.get(name);
    if (refused) throw refused;
    return undefined;
  }
}
