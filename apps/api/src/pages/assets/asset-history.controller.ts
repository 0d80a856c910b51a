import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { DetailedAsset } from '#lib/assets';
import { AuditLogService } from '#lib/audit';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { searchTerms } from '../../http/paging/search-terms';
import { ApiExcludeController } from '../../http/contract/metadata';
import { Pages } from '../frame/pages.service';
import { listingOf, listView, readListState } from '../lists/list-view';
import type { PageRequest } from '../sessions/page-request';
import { AssetHeaders } from './asset-header.service';

const ORDERS = ['time'] as const;

/** Who changed what of an asset, and when: its audit log. */
@ApiExcludeController()
@Controller('assets/:id/history')
export class AssetHistoryController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly log: AuditLogService,
  ) {}

  @Get()
  @RequiresPermission('read', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const isAscending = request.query['dir'] === 'asc';
    const state = { ...readListState(request, ORDERS), isDescending: !isAscending };
    const page = await this.log.listOfAsset(
      asset.id,
      { terms: searchTerms(state.filter), order: isAscending ? 'ASC' : 'DESC', ...listingOf(state) },
      user,
    );
    const columns = [
      { title: 'When', order: 'time' as const },
      { title: 'Who' },
      { title: 'What' },
      { title: 'Fields' },
    ];
    await this.pages.send(request, response, 'asset-history.html', {
      title: `History of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'History'),
      list: listView(state, columns, page),
      entries: page.items.map(({ eventTime, author, authorToken, description, fields }) => ({
        time: eventTime.toISOString(),
        who: [author, authorToken && `token ${authorToken}`].filter(Boolean).join(', '),
        ...{ what: description, fields: fields.join(', ') },
      })),
    });
  }
}
