import { canGrantRole, canManage, type ManagedUser } from './user-management';
import type { Requester } from './access';

const requester = (roles: string[], accountId = 1): Requester => ({ id: 1, accountId, roles });
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
