import { ConfigError } from './source/config-error';
import type { SettingSource } from './source/setting-source';

/** Levels of Python's `logging`, as used in config files of FlexMeasures. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

const NUMBERS: [LogLevel, number][] = [
  ['DEBUG', 10],
  ['INFO', 20],
  ['WARNING', 30],
  ['ERROR', 40],
  ['CRITICAL', 50],
];

const OTHER_NAMES: Record<string, LogLevel> = { NOTSET: 'DEBUG', WARN: 'WARNING', FATAL: 'CRITICAL' };

/**
 * Reads LOGGING_LEVEL: a name with or without `logging.`, or a number. Other numbers are rounded up to the next level.
 * @throws ConfigError if it is neither.
 */
export function logLevel(source: SettingSource): LogLevel {
  const value = source.literal('LOGGING_LEVEL') ?? 'WARNING';
  const level = typeof value === 'number' ? fromNumber(value) : typeof value === 'string' && fromName(value);
  if (level) return level;
  const names = NUMBERS.map(([name]) => name).join(', ');
  throw new ConfigError('LOGGING_LEVEL', `one of ${names} or a number is expected`);
}

const fromNumber = (value: number): LogLevel =>
  NUMBERS.find(([, number]) => value <= number)?.[0] ?? 'CRITICAL';

function fromName(text: string): LogLevel | undefined {
  const name = text.toUpperCase().replace(/^LOGGING\./, '');
  return OTHER_NAMES[name] ?? NUMBERS.find(([level]) => level === name)?.[0];
}
