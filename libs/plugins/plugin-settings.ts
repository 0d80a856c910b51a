import type { SettingSource } from '#lib/config';
import { errorMessage } from '#lib/errors';
import type { SettingDefinition } from '#lib/plugin-api';

/** A sentence about a setting of a plugin. */
export interface SettingNote {
  level: 'error' | 'warning' | 'info';
  text: string;
}

/** The settings of a plugin that are set, and sentences about those that are missing or wrong. */
export interface PluginSettings {
  values: ReadonlyMap<string, unknown>;
  notes: SettingNote[];
}

/** Reads the settings that a plugin has defined. */
export function readPluginSettings(
  definitions: Readonly<Record<string, SettingDefinition>>,
  source: SettingSource,
): PluginSettings {
  const values = new Map<string, unknown>();
  const notes: SettingNote[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    try {
      const value = readSetting(name, definition, source);
      if (value !== undefined) values.set(name, value);
      else notes.push({ level: definition.level ?? 'info', text: textOfMissing(name, definition) });
    } catch (error) {
      const reason = errorMessage(error);
      const text = reason.startsWith('Setting ') ? reason : `Setting ${name}: ${reason}`;
      notes.push({ level: 'error', text });
    }
  }
  return { values, notes };
}

function readSetting(name: string, { parse_as: parse }: SettingDefinition, source: SettingSource): unknown {
  if (parse === String) return source.text(name);
  if (parse === Number) return source.number(name);
  if (parse === Boolean) return source.flag(name);
  const value = source.literal(name);
  if (parse === undefined || value === undefined) return value;
  return (parse as (text: string) => unknown)(typeof value === 'string' ? value : JSON.stringify(value));
}

const textOfMissing = (
  name: string,
  { description, message_if_missing: message }: SettingDefinition,
): string =>
  [`Setting ${name} is not set.`, description, message]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
