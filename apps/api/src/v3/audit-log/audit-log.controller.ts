import { Controller, Get, Query } from '@nestjs/common';
import type { Account, User as UserEntity } from '#lib/accounts';
import type { Requester } from '#lib/accounts/model';
import type { Asset } from '#lib/assets';
import { AuditLogService } from '#lib/audit';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { Paginated } from '../../http/paging/paged-list';
import { Operation, PAGINATION_HEADERS } from '../../http/schema/operation';
import { validationPipe } from '../../http/schema/validation';
import { AuditLogQuery, AuditRecord, AuditRecords } from './audit-log.dto';
import { asPage, toAuditPage, toSelection } from './audit-log.mapper';

const PROMISES = { headers: PAGINATION_HEADERS, errors: [403, 404, 422] as (403 | 404 | 422)[] };

/** Who changed what, and when. */
@Controller('api/v3_0')
export class AuditLogController {
  constructor(private readonly log: AuditLogService) {}

  @Get('accounts/:id/auditlog')
  @Operation('getAccountAuditLog', { answer: { oneOf: [[AuditRecord], AuditRecords] }, ...PROMISES })
  @Paginated()
  @RequiresPermission('read', 'audit-log-of-account')
  async ofAccount(@Resource() account: Account, @Query(validationPipe('query')) query: AuditLogQuery) {
    return toAuditPage(await this.log.listOfAccount(account.id, toSelection(query)), query);
  }

  @Get('users/:id/auditlog')
  @Operation('getUserAuditLog', { answer: AuditRecords, ...PROMISES })
  @Paginated()
  @RequiresPermission('read', 'audit-log-of-user')
  async ofUser(
    @Resource() user: UserEntity,
    @Query(validationPipe('query')) query: AuditLogQuery,
    @User() requester: Requester,
  ) {
    const page = asPage(query);
    return toAuditPage(await this.log.listOfUser(user.id, toSelection(page), requester), page);
  }

  @Get('assets/:id/auditlog')
  @Operation('getAssetAuditLog', { answer: AuditRecords, ...PROMISES })
  @Paginated()
  @RequiresPermission('read', 'asset')
  async ofAsset(
    @Resource() asset: Asset,
    @Query(validationPipe('query')) query: AuditLogQuery,
    @User() requester: Requester,
  ) {
    const page = asPage(query);
    return toAuditPage(await this.log.listOfAsset(asset.id, toSelection(page), requester), page);
  }
}
