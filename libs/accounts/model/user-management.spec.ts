import {
  canBeConsultancy,
  canCreateAccounts,
  canGrantRole,
  canManage,
  type ManagedUser,
} from './user-management';
import type { Requester } from './access';

const requester = (roles: string[], accountId = 1): Requester => ({ id: 1, accountId, roles });
const consultant = (clientAccountIds: number[]): Requester => ({
  ...requester(['consultant'], 2),
  clientAccountIds,
});
const user = (...roles: string[]): ManagedUser => ({ id: 2, accountId: 1, roles });

describe('canManage', () => {
  it.each([
    ['a member, a user', requester([]), user(), false],
    ['an admin-reader, a user', requester(['admin-reader']), user(), false],
    ['an account-admin, a user', requester(['account-admin']), user(), true],
    ['an account-admin, another account-admin', requester(['account-admin']), user('account-admin'), true],
    ['an account-admin, an admin', requester(['account-admin']), user('admin'), false],
    ['an account-admin, an admin-reader', requester(['account-admin']), user('admin-reader'), false],
    ['an account-admin of another account, a user', requester(['account-admin'], 2), user(), false],
    ['an admin of another account, an admin', requester(['admin'], 2), user('admin'), true],
    ['a consultant of the account, a user', consultant([1]), user(), true],
    ['a consultant of the account, an admin', consultant([1]), user('admin'), false],
    ['a consultant of another account, a user', consultant([3]), user(), false],
  ])('for %s (%j, %j) is %s', (_case, who, whom, expected) => {
    expect(canManage(who, whom)).toBe(expected);
  });
});

describe('canGrantRole', () => {
  it.each([
    [['account-admin'], 'account-admin', true],
    [['account-admin'], 'role of a plugin', true],
    [['account-admin'], 'admin-reader', false],
    [['account-admin', 'admin-reader'], 'admin-reader', false],
    [['account-admin'], 'admin', false],
    [['account-admin'], 'task-runner', false],
    [['admin'], 'task-runner', true],
    [['admin'], 'admin', true],
  ])('for a requester with roles %j and the role %s is %s', (roles, role, expected) => {
    const { accountId } = requester(roles);
    expect(canGrantRole(requester(roles), role, accountId)).toBe(expected);
  });
});

describe('canGrantRole for the role consultant', () => {
  it('is true for account-admins of the account and for admins only', () => {
    expect(canGrantRole(requester(['account-admin']), 'consultant', 1)).toBe(true);
    expect(canGrantRole(requester(['account-admin'], 2), 'consultant', 1)).toBe(false);
    expect(canGrantRole(consultant([1]), 'consultant', 1)).toBe(false);
    expect(canGrantRole(consultant([1]), 'account-admin', 1)).toBe(true);
    expect(canGrantRole(requester(['admin'], 2), 'consultant', 1)).toBe(true);
  });
});

describe('consultancies', () => {
  const manager = (roles: string[], ...accountRoles: string[]) => ({ ...requester(roles), accountRoles });

  it.each([
    [['consultant'], ['Consultancy'], true, true],
    [['account-admin'], ['Consultancy'], false, true],
    [['consultant'], [], false, false],
    [[], ['Consultancy'], false, false],
  ])(
    'for roles %j and account roles %j: creating accounts %s, being a consultancy %s',
    (roles, ofAccount, creates, is) => {
      expect(canCreateAccounts(manager(roles, ...ofAccount))).toBe(creates);
      expect(canBeConsultancy(1, manager(roles, ...ofAccount))).toBe(is);
      expect(canBeConsultancy(null, manager(roles, ...ofAccount))).toBe(is);
      expect(canBeConsultancy(2, manager(roles, ...ofAccount))).toBe(false);
    },
  );

  it('are made by admins of the server for all accounts', () => {
    expect(canCreateAccounts(manager(['admin']))).toBe(true);
  });
});
