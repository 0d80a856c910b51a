import { ConfigError } from './config-error';
import type { SettingSource } from './setting-source';

/** The mail server, and who sends. */
export interface MailSettings {
  server: string;
  port: number;
  /** Turns to TLS after connecting (STARTTLS), and sends nothing where that fails. */
  useTls: boolean;
  /** Connects with TLS. */
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

/** @returns undefined when no mail server is named: mail is off. */
export function mailSettings(source: SettingSource): MailSettings | undefined {
  const server = source.text('MAIL_SERVER');
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

/** A tuple of name and address, the text "name <address>", or an address alone. */
function sender(source: SettingSource): MailSender {
  const value = source.literal('MAIL_DEFAULT_SENDER');
  if (value === undefined) return DEFAULT_SENDER;
  const isTuple = Array.isArray(value) && isAddress(value[1]);
  // A text from the environment comes split at its commas.
  const [name, address] = isTuple
    ? value
    : partsOf(Array.isArray(value) ? value.map(String).join(', ') : value);
  if (typeof name === 'string' && isAddress(address)) return { name, address };
  throw new ConfigError('MAIL_DEFAULT_SENDER', 'a name and an e-mail address are expected');
}

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s@<>]+@[^\s@<>]+$/.test(value);

function partsOf(value: unknown): unknown[] {
  if (typeof value !== 'string') return [];
  const text = value.trim();
  const start = text.lastIndexOf('<');
  if (start < 0 || !text.endsWith('>')) return ['', text];
  return [text.slice(0, start).trim(), text.slice(start + 1, -1)];
}
