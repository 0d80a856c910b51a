import type { Settings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import type { ErrorReports } from '#lib/logging';
import type { Mailer } from '#lib/mail';

/** Something that those who run the server should look at. */
export interface Alert {
  /** Subject of the mail. */
  subject: string;
  /** What is wrong, in one sentence. */
  message: string;
  /** Further lines of the mail. */
  details?: string;
  /** Values for Sentry, by the name of their group. */
  contexts?: Record<string, Record<string, unknown>>;
}

/** Sends alerts to Sentry and by mail, as far as these are configured. */
export class Alerts {
  constructor(
    private readonly settings: Pick<Settings, 'operations'>,
    private readonly mailer: Pick<Mailer, 'send'>,
    private readonly reports: ErrorReports | undefined,
  ) {}

  /** Whether alerts reach somebody. */
  get areConfigured(): boolean {
    return this.reports !== undefined || this.settings.operations.alertRecipients.length > 0;
  }

  /**
   * Sends an alert in all configured ways.
   * @returns why it did not arrive, one reason for each way that failed
   */
  async send({ subject, message, details = '', contexts }: Alert): Promise<string[]> {
    const failures: string[] = [];
    await this.reports?.alert(message, contexts);
    if (this.reports && !(await this.reports.close()))
      failures.push('Sentry did not accept the alert in time.');
    const [to, ...bcc] = this.settings.operations.alertRecipients;
    if (to !== undefined) {
      const text = [message, details].filter((part) => part !== '').join('\n\n');
      await this.mailer.send({ to, bcc, subject, text: `${text}\n` }).catch((error: unknown) => {
        failures.push(`The mail was not sent: ${errorMessage(error)}`);
      });
    }
    return failures;
  }
}
