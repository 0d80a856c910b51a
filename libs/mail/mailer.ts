import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { SETTINGS, type MailSettings, type Settings } from '#lib/config';

/** A plain-text e-mail. */
export interface Message {
  to: string;
  /** Further recipients, whom the others do not see. */
  bcc?: string[];
  subject: string;
  text: string;
}

/** Timeout for connections to the mail server. */
const TIMEOUT_MS = 15_000;

/** Sends mail in the background. Failures are logged. */
@Injectable()
export class Mailer implements OnModuleDestroy {
  private readonly logger = new Logger(Mailer.name);
  private readonly pending = new Set<Promise<void>>();
  private transporter: Promise<Transporter> | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Whether a mail server is configured. */
  get isEnabled(): boolean {
    return this.settings.mail !== undefined;
  }

  /** Sends a message in the background. Without a mail server, a warning is logged. */
  sendInBackground(message: Message): void {
    const { mail } = this.settings;
    if (!mail) {
      this.logger.warn(
        `The mail to ${message.to} with the subject "${message.subject}" was not sent: no mail server is configured.`,
      );
      return;
    }
    const sending = this.sendBy(mail, message)
      .catch((error: unknown) =>
        this.logger.error(
          `The mail to ${message.to} with the subject "${message.subject}" was not sent: ${String(error)}`,
        ),
      )
      .finally(() => this.pending.delete(sending));
    this.pending.add(sending);
  }

  /** Waits for pending mail before the process ends. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.pending);
  }

  /**
   * Sends a message and waits until the mail server has it.
   * @throws Error without a mail server, or with what failed
   */
  async send(message: Message): Promise<void> {
    const { mail } = this.settings;
    if (!mail) throw new Error('No mail server is configured (MAIL_SERVER).');
    await this.sendBy(mail, message);
  }

  private async sendBy(mail: MailSettings, message: Message): Promise<void> {
    this.transporter ??= connect(mail);
    await (await this.transporter).sendMail({ from: mail.sender, ...message });
  }
}

async function connect(mail: MailSettings): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host: mail.server,
    port: mail.port,
    secure: mail.useSsl,
    requireTLS: mail.useTls,
    ignoreTLS: !mail.useTls,
    auth: mail.username === undefined ? undefined : { user: mail.username, pass: mail.password ?? '' },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
}
