/** The built-in user roles and their descriptions. */
export const USER_ROLES: Record<string, string> = {
  admin: 'Super user: may read and change everything',
  'admin-reader': 'May read everything',
  'account-admin': 'May manage the own account: its users, assets and sensors',
  'task-runner': 'May record runs of recurring tasks',
  consultant: 'May read and manage the client accounts of the own account',
};
