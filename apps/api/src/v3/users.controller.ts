import { Controller, Get, Query } from '@nestjs/common';
import { UsersService, type Account, type User as UserEntity } from '#lib/accounts';
import { RequiresPermission, Resource } from '../auth/permission.guard';
import { toUserResponse } from './responses';

@Controller('api/v3_0/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @RequiresPermission('read', 'account-of-query')
  async list(@Resource() account: Account, @Query('include_inactive') includeInactive?: string) {
    const users = await this.users.listByAccount(account.id);
    const isAskedFor = /^(true|1|yes)$/i.test(includeInactive ?? '');
    return users.filter(({ active }) => active || isAskedFor).map(toUserResponse);
  }

  @Get(':id')
  @RequiresPermission('read', 'user')
  get(@Resource() user: UserEntity) {
    return { ...toUserResponse(user), status: 200 };
  }
}
