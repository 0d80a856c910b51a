import { ANY_USER, isAllowed, type AccessRules, type Requester } from './access';

const rules: AccessRules = {
  read: [{ accountId: 1 }],
  update: [{ accountId: 1, role: 'account-admin' }, { userId: 7 }],
};

const requester = (given: Partial<Requester>): Requester => ({ id: 1, accountId: 1, roles: [], ...given });

describe('isAllowed', () => {
  it.each([
    ['allows a member to read', requester({}), 'read', true],
    ['does not allow a member to update', requester({}), 'update', false],
    ['allows an account-admin to update', requester({ roles: ['account-admin'] }), 'update', true],
    [
      'does not allow the account-admin of another account to update',
      requester({ accountId: 2, roles: ['account-admin'] }),
      'update',
      false,
    ],
    ['allows a user with a rule of its own to update', requester({ id: 7, accountId: 2 }), 'update', true],
    ['does not allow a user of another account to read', requester({ accountId: 2 }), 'read', false],
    ['does not allow a permission without a rule', requester({ roles: ['account-admin'] }), 'delete', false],
    [
      'allows an admin a permission without a rule',
      requester({ accountId: 2, roles: ['admin'] }),
      'delete',
      true,
    ],
    ['allows an admin-reader to read', requester({ accountId: 2, roles: ['admin-reader'] }), 'read', true],
    [
      'does not allow an admin-reader to update',
      requester({ accountId: 2, roles: ['admin-reader'] }),
      'update',
      false,
    ],
  ] as const)('%s', (_who, who, permission, expected) => {
    expect(isAllowed(who, permission, rules)).toBe(expected);
  });

  it('allows every user a permission of ANY_USER', () => {
    expect(isAllowed(requester({ accountId: 99 }), 'read', { read: [ANY_USER] })).toBe(true);
  });
});
