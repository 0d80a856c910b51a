import 'reflect-metadata';
import { readSettings } from '#lib/config';
import { errorMessage } from '#lib/errors';
import { ErrorReports } from '#lib/logging';
import { Mailer } from '#lib/mail';
import { Alerts, type Alert } from '#lib/monitoring';
import { withServices, type Services } from '../../app/services';

/** Exit code if something is wrong: the check itself worked. */
const PROBLEM_FOUND = 3;

/**
 * Runs checks, and sends the alerts that they return. If the database cannot be reached, that is sent as well.
 * @param what name of the checks, for the latter
 */
export async function withAlerts(
  what: string,
  customMessage: string | undefined,
  findProblems: (services: Services, mailer: Mailer) => Promise<Alert[]>,
): Promise<void> {
  const settings = readSettings();
  const mailer = new Mailer(settings);
  const alerts = new Alerts(settings, mailer, ErrorReports.open(settings));
  const note = customMessage === undefined ? [] : [`Note: ${customMessage}`];
  const send = async (alert: Alert): Promise<void> => {
    console.log(alert.message);
    const details = [...(alert.details === undefined ? [] : [alert.details]), ...note].join('\n\n');
    for (const failure of await alerts.send({ ...alert, details })) console.error(`Warning: ${failure}`);
  };
  try {
    const problems = await withServices((services) => findProblems(services, mailer));
    for (const problem of problems) await send(problem);
    if (problems.length === 0) return;
    if (!alerts.areConfigured)
      console.error(
        'Warning: nobody gets the alert. Set FLEXMEASURES_MONITORING_MAIL_RECIPIENTS or SENTRY_DSN to send it.',
      );
    process.exitCode = PROBLEM_FOUND;
  } catch (error) {
    const message = `The check ${what} failed: ${errorMessage(error)}`;
    await send({ subject: `The check ${what} failed`, message });
    throw error;
  }
}
