import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { SETTINGS, type MailSettings, type Settings } from '#lib/config';

/** A mail in plain text. */
export interface Message {
  to: string;
  subject: string;
  text: string;
}

/** A mail server that does not answer by then is taken for unreachable. */
const PATIENCE_MS = 15_000;

/** Sends mail beside the work that asks for it; the log tells of mail that could not be sent. */
@Injectable()
export class Mailer implements OnModuleDestroy {
  private readonly logger = new Logger(Mailer.name);
  private readonly underWay = new Set<Promise<void>>();
  private transporter: Promise<Transporter> | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Whether the host named a mail server. */
  get isOn(): boolean {
    return this.settings.mail !== undefined;
  }

  /** Hands a message over for sending. Returns at once; without a mail server, the log says that nothing went out. */
  post(message: Message): void {
    const { mail } = this.settings;
    if (!mail) {
      this.logger.warn(`No mail went out to ${message.to} about "${message.subject}": mail is off.`);
      return;
    }
    const sending = this.send(message, mail)
      .catch((error: unknown) =>
        this.logger.error(
          `A mail to ${message.to} about "${message.subject}" was not sent: ${String(error)}`,
        ),
      )
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  /** Lets mail that is under way go out before the process ends. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async send(message: Message, mail: MailSettings): Promise<void> {
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
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
}
