import { mayGive, mayManage, type ManagedUser } from './user-management';
import type { Requester } from './access';

const requester = (roles: string[], accountId = 1): Requester => ({ id: 1, accountId, roles });
const user = (...roles: string[]): ManagedUser => ({ id: 2, accountId: 1, roles });

describe('mayManage', () => {
  it.each([
    ['a member', requester([]), user(), false],
    ['an admin-reader', requester(['admin-reader']), user(), false],
    ['an account-admin', requester(['account-admin']), user(), true],
    ['an account-admin, of a colleague,', requester(['account-admin']), user('account-admin'), true],
    ['an account-admin, of an admin,', requester(['account-admin']), user('admin'), false],
    ['an account-admin, of an admin-reader,', requester(['account-admin']), user('admin-reader'), false],
    ['an account-admin of another account', requester(['account-admin'], 2), user(), false],
    ['an admin of another account', requester(['admin'], 2), user('admin'), true],
  ])('%s: %j about %j is %s', (_who, who, whom, expected) => {
    expect(mayManage(who, whom)).toBe(expected);
  });
});

describe('mayGive', () => {
  it.each([
    [['account-admin'], 'account-admin', true],
    [['account-admin'], 'role of a plugin', true],
    [['account-admin'], 'admin-reader', false],
    [['account-admin', 'admin-reader'], 'admin-reader', false],
    [['account-admin'], 'admin', false],
    [['admin'], 'admin', true],
  ])('%j gives %s: %s', (roles, role, expected) => {
    expect(mayGive(requester(roles), role)).toBe(expected);
  });
});
