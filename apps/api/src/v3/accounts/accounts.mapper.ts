import type { Account, AccountChanges, AccountInList } from '#lib/accounts';
import type { AccountPatch } from './accounts.dto';

/** An account as a response of the API. */
export const toAccountResponse = (account: Account) => ({
  account_roles: account.accountRoles.map((role) => role.id).sort((one, other) => one - other),
  attributes: account.attributes,
  consultancy_account_id: account.consultancyAccountId,
  id: account.id,
  logo_url: account.logoUrl,
  name: account.name,
  plan_id: account.planId,
  primary_color: account.primaryColor,
  secondary_color: account.secondaryColor,
  two_factor: account.twoFactor,
});

/** An account in a page, with the numbers of its users and assets. */
export const toAccountInPage = ({ account, userCount, assetCount }: AccountInList) => ({
  ...toAccountResponse(account),
  user_count: userCount,
  asset_count: assetCount,
});

export const toAccountChanges = (body: AccountPatch): AccountChanges => ({
  name: body.name,
  attributes: body.attributes,
  consultancyAccountId: body.consultancy_account_id,
  logoUrl: body.logo_url,
  planId: body.plan_id,
  primaryColor: body.primary_color,
  secondaryColor: body.secondary_color,
  twoFactor: body.two_factor,
  roleIds: body.account_roles,
});
