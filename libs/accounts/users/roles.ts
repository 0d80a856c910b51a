/** The user roles that the platform knows, with what they allow. */
export const USER_ROLES: Record<string, string> = {
  admin: 'Super user: may read and change everything',
  'admin-reader': 'May read everything',
  'account-admin': 'May manage the own account: its users, assets and sensors',
};
