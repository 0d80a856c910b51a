import { ConfigError } from '../source/config-error';
import type { SettingSource } from '../source/setting-source';

/** The mail server and the sender. */
export interface MailSettings {
  server: string;
  port: number;
  /** Requires STARTTLS. If it fails, nothing is sent. */
  useTls: boolean;
  /** Connects with TLS from the start. */
  useSsl: boolean;
  username: string | undefined;
  password: string | undefined;
  sender: MailSender;
}

interface MailSender {
  name: string;
  address: string;
}

const DEFAULT_SENDER: MailSender = { name: 'FlexMeasures', address: 'no-reply@example.com' };

/** @returns undefined if no mail server is configured: mail is disabled. */
export function mailSettings(source: SettingSource): MailSettings | undefined {
  const server = source.text('MAIL_SERVER');
  source.know('MAIL_PORT', 'MAIL_USE_TLS', 'MAIL_USE_SSL', 'MAIL_USERNAME', 'MAIL_PASSWORD');
  source.know('MAIL_DEFAULT_SENDER');
  if (server === undefined) return undefined;
  return {
    server,
    port: source.number('MAIL_PORT') ?? 25,
    useTls: source.flag('MAIL_USE_TLS') ?? false,
    useSsl: source.flag('MAIL_USE_SSL') ?? false,
    username: source.text('MAIL_USERNAME'),
    password: source.text('MAIL_PASSWORD'),
    sender: sender(source),
  };
}

/** Reads a tuple of name and address, a text "name <address>", or an address. */
function sender(source: SettingSource): MailSender {
  const value = source.literal('MAIL_DEFAULT_SENDER');
  if (value === undefined) return DEFAULT_SENDER;
  const isTuple = Array.isArray(value) && isAddress(value[1]);
  // A text from the environment is split at commas: join it again.
  const [name, address] = isTuple
    ? value
    : splitSender(Array.isArray(value) ? value.map(String).join(', ') : value);
  if (typeof name === 'string' && isAddress(address)) return { name, address };
  throw new ConfigError('MAIL_DEFAULT_SENDER', 'a name and an e-mail address are expected');
}

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s@<>]+@[^\s@<>]+$/.test(value);

function splitSender(value: unknown): unknown[] {
  if (typeof value !== 'string') return [];
  const text = value.trim();
  const start = text.lastIndexOf('<');
  if (start < 0 || !text.endsWith('>')) return ['', text];
  return [text.slice(0, start).trim(), text.slice(start + 1, -1)];
}
