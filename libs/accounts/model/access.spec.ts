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

  describe('for an actor that is limited to assets', () => {
    const device = requester({ assetIds: new Set([3, 4]) });
    const ofAsset = (assetId?: number): AccessRules => ({ ...rules, assetId });

    it.each([
      ['read', 3, true],
      ['read', 5, false],
      ['update', 3, false],
      ['read', undefined, true],
      ['delete', undefined, false],
    ] as const)('the permission %s on asset %s is %s', (permission, assetId, expected) => {
      expect(isAllowed(device, permission, ofAsset(assetId))).toBe(expected);
    });

    it('admins are limited as well', () => {
      const admin = requester({ roles: ['admin'], assetIds: new Set([3]) });
      expect(isAllowed(admin, 'update', ofAsset(3))).toBe(true);
      expect(isAllowed(admin, 'read', ofAsset(5))).toBe(false);
      expect(isAllowed(admin, 'update', ofAsset())).toBe(false);
    });
  });

  it('allows consultants what the rules allow the consultants of their clients', () => {
    const ofClient: AccessRules = {
      read: [{ accountId: 2 }, { clientAccountId: 2 }],
      update: [{ accountId: 2 }],
    };
    const consultant = requester({ clientAccountIds: [2] });
    expect(isAllowed(consultant, 'read', ofClient)).toBe(true);
    expect(isAllowed(consultant, 'update', ofClient)).toBe(false);
    expect(isAllowed(requester({ clientAccountIds: [3] }), 'read', ofClient)).toBe(false);
    expect(isAllowed(requester({}), 'read', ofClient)).toBe(false);
  });
});
