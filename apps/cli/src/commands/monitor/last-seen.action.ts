import { AbsentUsersRepository, type AbsentUser } from '#lib/accounts';
import { errorMessage } from '#lib/errors';
import type { Mailer } from '#lib/mail';
import { formatInstant, MINUTE_MS } from '#lib/time';
import { withAlerts } from './with-alerts';

export interface LastSeenOptions {
  maximumMinutesSinceLastSeen: number;
  accountRole?: string;
  userRole?: string;
  alertUsers?: boolean;
  doNotAlertUsers?: boolean;
  customUserMessage?: string;
  taskName: string;
  customMessage?: string;
}

export function monitorLastSeen(options: LastSeenOptions): Promise<void> {
  return withAlerts(options.taskName, options.customMessage, async (services, mailer) => {
    const { maximumMinutesSinceLastSeen: minutes, accountRole, userRole } = options;
    const absent = await services(AbsentUsersRepository).find(minutes * MINUTE_MS, { accountRole, userRole });
    if (absent.length === 0) {
      console.log(`All good: no such user was last seen longer than ${minutes} minutes ago.`);
      return [];
    }
    const alertsUsers = options.alertUsers === true && options.doNotAlertUsers !== true;
    if (alertsUsers) for (const user of absent) await alertUser(mailer, user, options);
    const lines = absent.map((user) => `- ${user.username} of ${user.account} (${lastContact(user)})`);
    const message = [
      `These users have not contacted this server for more than ${minutes} minutes:`,
      ...lines,
    ];
    const scope = [
      ...(accountRole === undefined
        ? []
        : [`The check was about users whose account has the role ${accountRole}.`]),
      ...(userRole === undefined ? [] : [`The check was about users with the role ${userRole}.`]),
      alertsUsers ? 'The users got a mail too.' : 'The users got no mail (--alert-users was not given).',
    ];
    return [
      {
        subject: `Last contact by users too long ago (${options.taskName})`,
        message: message.join('\n'),
        details: scope.join('\n'),
        contexts: {
          last_seen: { minutes, account_role: accountRole, user_role: userRole, alerted_users: alertsUsers },
        },
      },
    ];
  });
}

const lastContact = ({ lastSeenAt }: AbsentUser): string =>
  lastSeenAt === null ? 'never seen' : `last seen at ${formatInstant(lastSeenAt.getTime(), 'UTC')}`;

/** A mail that is not sent is no reason to skip the others. */
async function alertUser(
  mailer: Mailer,
  user: AbsentUser,
  { customUserMessage }: LastSeenOptions,
): Promise<void> {
  const text =
    customUserMessage ??
    'This is unexpected. Please check whether your programs that contact this server still work.';
  await mailer
    .send({
      to: user.email,
      subject: `Last contact by user ${user.username} too long ago`,
      text: `The user ${user.username} has not contacted this server for some time (${lastContact(user)}).\n\n${text}\n`,
    })
    .catch((error: unknown) => {
      console.error(`Warning: the mail to ${user.email} was not sent: ${errorMessage(error)}`);
    });
}
