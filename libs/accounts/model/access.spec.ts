import { ANY_USER, isAllowed, type AccessRules, type Requester } from './access';

const rules: AccessRules = {
  read: [{ accountId: 1 }],
  update: [{ accountId: 1, role: 'account-admin' }, { userId: 7 }],
};

const requester = (given: Partial<Requester>): Requester => ({ id: 1, accountId: 1, roles: [], ...given });

describe('isAllowed', () => {
  it.each([
    ['a member reads', requester({}), 'read', true],
    ['a member does not update', requester({}), 'update', false],
    ['an account-admin updates', requester({ roles: ['account-admin'] }), 'update', true],
    [
      'the account-admin of another account does not',
      requester({ accountId: 2, roles: ['account-admin'] }),
      'update',
      false,
    ],
    ['a named user updates', requester({ id: 7, accountId: 2 }), 'update', true],
    ['a stranger does not read', requester({ accountId: 2 }), 'read', false],
    ['nobody deletes what has no rule', requester({ roles: ['account-admin'] }), 'delete', false],
    ['but an admin does', requester({ accountId: 2, roles: ['admin'] }), 'delete', true],
    ['an admin-reader reads', requester({ accountId: 2, roles: ['admin-reader'] }), 'read', true],
    ['and does nothing else', requester({ accountId: 2, roles: ['admin-reader'] }), 'update', false],
  ] as const)('%s', (_who, who, permission, expected) => {
    expect(isAllowed(who, permission, rules)).toBe(expected);
  });

  it('lets every user do what is open to all', () => {
    expect(isAllowed(requester({ accountId: 99 }), 'read', { read: [ANY_USER] })).toBe(true);
  });
});
