/** Who opens pages: nobody, the account-admin of another account, a member, the account-admin, an admin-reader, an admin. */
export const VIEWERS = [undefined, 'stranger', 'member', 'accountAdmin', 'reader', 'admin'] as const;

/** Statuses for them, in this order. */
export type ForViewers = readonly [number, number, number, number, number, number];

const OPEN: ForViewers = [200, 200, 200, 200, 200, 200];
const ANY_USER: ForViewers = [401, 200, 200, 200, 200, 200];
const READ: ForViewers = [401, 403, 200, 200, 200, 200];
const MEMBERS: ForViewers = [401, 403, 200, 200, 403, 200];
const MANAGERS: ForViewers = [401, 403, 403, 200, 403, 200];
const ADMINS: ForViewers = [401, 403, 403, 403, 403, 200];
/** For those who create something in their own account, and admins. */
const CREATORS: ForViewers = [401, 200, 403, 200, 403, 200];

/** Pages by their route. Those of one asset, sensor, user, account or job are of the toy account. */
export const PAGES: Readonly<Record<string, ForViewers>> = {
  '': OPEN,
  login: [200, 303, 303, 303, 303, 303],
  logout: [303, 200, 200, 200, 200, 200],
  docs: OPEN,
  credits: OPEN,
  'favicon.ico': [302, 302, 302, 302, 302, 302],
  'reset-password': OPEN,
  'reset-password/:token': [404, 404, 404, 404, 404, 404],
  'confirm-email/:token': [404, 404, 404, 404, 404, 404],
  analytics: [303, 303, 303, 303, 303, 303],
  portfolio: [303, 303, 303, 303, 303, 303],

  dashboard: ANY_USER,
  'dashboard/now': ANY_USER,

  assets: ANY_USER,
  'assets/new': CREATORS,
  'assets/:id': READ,
  'assets/:id/state': READ,
  'assets/:id/balance': READ,
  'assets/:id/sensors': READ,
  'assets/:id/status': READ,
  'assets/:id/jobs': READ,
  'assets/:id/history': READ,
  'assets/:id/properties': READ,
  'assets/:id/flexibility': READ,
  'assets/:id/flexibility/view': [401, 403, 303, 303, 303, 303],
  'assets/:id/flexibility/preview': [401, 403, 303, 303, 303, 303],
  'assets/:id/annotations': READ,
  'assets/:id/panels': MEMBERS,
  'assets/:id/schedule': MEMBERS,
  'assets/:id/delete': MANAGERS,

  'sensors/:id': READ,
  'sensors/:id/latest': READ,
  'sensors/:id/annotations': READ,
  'sensors/:id/schedule': MEMBERS,
  'sensors/:id/forecast': MEMBERS,
  'sensors/:id/upload': MEMBERS,
  'sensors/:id/upload/preview': [401, 403, 303, 303, 403, 303],
  'sensors/:id/delete-data': MANAGERS,
  'sensors/:id/delete-data/count': [401, 403, 403, 303, 403, 303],

  'jobs/:uuid': READ,

  users: READ,
  'users/new': MANAGERS,
  'users/:id': READ,
  'users/:id/two-factor': [401, 403, 200, 200, 200, 200],
  'logged-in-user': ANY_USER,
  accounts: ANY_USER,
  'accounts/new': ADMINS,
  account: [401, 303, 303, 303, 303, 303],
  'accounts/:id': READ,
  'accounts/:id/balance': READ,
  'accounts/:id/annotations': READ,

  rq: [303, 303, 303, 303, 303, 303],
  'tasks/recorded': ADMINS,
  tasks: [401, 403, 403, 403, 403, 303],
};

/** One page of each family. */
export const FAMILIES = [
  ...['dashboard', 'assets/:id', 'assets/:id/balance', 'assets/:id/flexibility', 'assets/:id/panels'],
  ...['assets/:id/annotations', 'sensors/:id', 'sensors/:id/upload', 'jobs/:uuid', 'users/:id'],
  ...['accounts/:id', 'accounts/new', 'tasks/recorded'],
];

/**
 * What is changed by forms, by their route: others than the toy account's people may change nothing. Who may try a job again is
 * tested with jobs that have failed.
 */
export const FORMS: readonly string[] = [
  ...['assets/:id/properties', 'assets/:id/delete', 'assets/:id/sensors', 'assets/:id/panels'],
  ...[
    'assets/:id/flexibility',
    'assets/:id/flexibility/preview',
    'assets/:id/schedule',
    'assets/:id/annotations',
  ],
  ...[
    'sensors/:id/schedule',
    'sensors/:id/forecast',
    'sensors/:id/delete-data',
    'sensors/:id/delete-data/count',
  ],
  ...['sensors/:id/upload', 'sensors/:id/upload/preview', 'sensors/:id/annotations'],
  ...['users/:id', 'users/:id/activity', 'users/:id/password-reset', 'users/new', 'accounts/:id'],
  ...['users/:id/two-factor', 'users/:id/two-factor/confirm', 'users/:id/two-factor/remove'],
  ...['accounts/:id/annotations', 'accounts/new'],
];

/** The path of a page of the toy account. */
export function pagePath(route: string, { memberId, job }: { memberId: number; job: string }): string {
  const ids: Record<string, number> = { assets: 3, sensors: 2, accounts: 1, users: memberId };
  const path = route
    .replace(/^(\w+)\/:id/, (_, family: string) => `${family}/${ids[family]}`)
    .replace(':uuid', job)
    .replace(':token', 'x');
  // Lists of users and forms for new ones are of the own account otherwise.
  return `/${path}${['users', 'users/new'].includes(route) ? '?account=1' : ''}`;
}

/** The statuses by person. */
export const byViewer = (statuses: readonly number[]): Record<string, number> =>
  Object.fromEntries(statuses.map((status, i) => [VIEWERS[i] ?? 'nobody', status]));
