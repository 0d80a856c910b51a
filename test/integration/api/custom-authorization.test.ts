import { Controller, Get, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsService, AuthenticationService, UsersService } from '#lib/accounts';
import { openHost } from '#lib/plugins';
import { Transactions } from '#lib/database';
import { ApiModule } from '../../../apps/api/src/api.module';
import {
  AcceptsAccountRoles,
  AcceptsUserRoles,
  isAllowed,
  Public,
  RequiresAccountRoles,
  RequiresPermission,
  RequiresUserRoles,
  requirePermission,
  Resource,
  User,
  type ApiUser,
} from '../../../apps/api/src/http';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';
import { TEST_SECRET_KEY } from '../../harness/servers/secret-key';

const RULES = { read: [{ accountId: 1 }] };

/** Routes as a plugin has them. */
@Controller('bananas')
class BananasController {
  @Get('peeled/:id')
  @RequiresPermission('update', 'user')
  byPermission(@Resource() { username }: { username: string }) {
    return { username };
  }

  @Get('own')
  byRules(@User() user: ApiUser) {
    requirePermission(user, 'read', RULES);
    return { mayUpdate: isAllowed(user, 'update', RULES) };
  }

  @Get('all-account-roles')
  @RequiresAccountRoles('MDC', 'Subscriber')
  allAccountRoles() {
    return {};
  }

  @Get('any-account-role')
  @AcceptsAccountRoles('Subscriber', 'MDC')
  anyAccountRole() {
    return {};
  }

  @Get('all-user-roles')
  @RequiresUserRoles('account-admin', 'HR')
  allUserRoles() {
    return {};
  }

  @Get('any-user-role')
  @AcceptsUserRoles('account-admin', 'HR')
  anyUserRole() {
    return {};
  }

  @Get('both')
  @RequiresAccountRoles('MDC')
  @RequiresUserRoles('HR')
  both() {
    return {};
  }

  @Get('everybody')
  @Public()
  everybody() {
    return {};
  }
}

@Controller('subscribers')
@RequiresAccountRoles('Subscriber')
class SubscribersController {
  @Get('news')
  news() {
    return {};
  }

  @Get('staff')
  @RequiresUserRoles('HR')
  staff() {
    return {};
  }
}

describe('routes of a plugin', () => {
  let app: INestApplication;
  let database: TestDatabase;
  let url: string;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    database = await createTestDatabase();
    process.env['SQLALCHEMY_DATABASE_URI'] = database.uri;
    process.env['SECRET_KEY'] = TEST_SECRET_KEY;
    const plugin = {
      ...ApiModule.forRoot(openHost()),
      controllers: [BananasController, SubscribersController],
    };
    app = await NestFactory.create(plugin, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    await app.get(Transactions).query(`INSERT INTO account_role (name) VALUES ('MDC'), ('Subscriber')`);
    await app.get(Transactions).query(`INSERT INTO role (name) VALUES ('HR')`);
    await app.get(AccountsService, { strict: false }).create('Both', ['MDC', 'Subscriber']);
    await app.get(AccountsService, { strict: false }).create('One', ['MDC']);
    const add = async (username: string, accountId: number, ...roles: string[]): Promise<void> => {
      const email = `${username}@example.com`;
      const user = { username, email, password: 'secret-word', accountId, roles };
      const { id } = await app.get(UsersService, { strict: false }).create(user);
      const uniquifier = (
        await app
          .get(Transactions)
          .query<{ mark: string }>('SELECT fs_uniquifier AS mark FROM fm_user WHERE id = $1', [id])
      )[0]!.mark;
      tokens[username] = await app
        .get(AuthenticationService, { strict: false })
        .issueToken({ id, uniquifier });
    };
    await add('member', 1);
    await add('staff', 1, 'HR', 'account-admin');
    await add('clerk', 2, 'HR');
    await add('reader', 2, 'admin-reader');
    await add('admin', 2, 'admin');
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const get = (path: string, who?: string) =>
    fetch(url + path, { headers: who === undefined ? {} : { Authorization: tokens[who]! } });

  it.each([
    ['/bananas/peeled/1', { member: 200, staff: 200, clerk: 403, reader: 403, admin: 200 }],
    ['/bananas/own', { member: 200, staff: 200, clerk: 403, reader: 200, admin: 200 }],
    ['/bananas/all-account-roles', { member: 200, staff: 200, clerk: 403, reader: 403, admin: 200 }],
    ['/bananas/any-account-role', { member: 200, staff: 200, clerk: 200, reader: 200, admin: 200 }],
    ['/bananas/all-user-roles', { member: 403, staff: 200, clerk: 403, reader: 403, admin: 200 }],
    ['/bananas/any-user-role', { member: 403, staff: 200, clerk: 200, reader: 403, admin: 200 }],
    ['/bananas/both', { member: 403, staff: 200, clerk: 200, reader: 403, admin: 200 }],
    ['/subscribers/news', { member: 200, staff: 200, clerk: 403, reader: 403, admin: 200 }],
    ['/subscribers/staff', { member: 403, staff: 200, clerk: 403, reader: 403, admin: 200 }],
  ])('%s is for %j', async (path, expected) => {
    const statuses: Record<string, number> = {};
    for (const who of Object.keys(expected)) statuses[who] = (await get(path, who)).status;
    expect(statuses).toEqual(expected);
    expect((await get(path)).status).toBe(401);
  });

  it('refuse with the error body of the API, which differs between requirements and permissions', async () => {
    expect(await (await get('/bananas/all-account-roles', 'clerk')).json()).toEqual({
      message: 'You cannot be authorized for this content or functionality.',
      result: 'Rejected',
      status: 'INVALID_SENDER',
    });
    expect(await (await get('/bananas/own', 'member')).json()).toEqual({ mayUpdate: false });
    expect(await (await get('/bananas/own', 'admin')).json()).toEqual({ mayUpdate: true });
    expect(await (await get('/bananas/peeled/1', 'member')).json()).toEqual({ username: 'member' });
  });

  it('can be public', async () => {
    expect((await get('/bananas/everybody')).status).toBe(200);
  });
});
