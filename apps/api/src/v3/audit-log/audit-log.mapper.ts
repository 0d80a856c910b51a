import type { AuditEntry, AuditPage, AuditSelection } from '#lib/audit';
import { pageOf, type Page } from '../../http/paging/list-query.dto';
import { RecordPage } from '../../http/paging/record-page';
import { searchTerms } from '../../http/paging/search-terms';
import type { AuditLogQuery } from './audit-log.dto';

const DEFAULT_PER_PAGE = 10;
/** Without a page, an account gets this number of its newest entries. */
const WHOLE_LIST: Page = { page: 1, perPage: 1000 };

/** The first page, of ten entries, unless the query names another one. */
export const asPage = (query: AuditLogQuery): AuditLogQuery =>
  Object.assign(query, {
    page: query.page ?? 1,
    per_page: query.per_page ?? DEFAULT_PER_PAGE,
  });

/** The part of a log that a query asks for; by default, newest first. */
export function toSelection(query: AuditLogQuery): AuditSelection {
  const { page, perPage } = pageOf(query) ?? WHOLE_LIST;
  return {
    terms: searchTerms(query.filter),
    order: query.sort_dir === 'asc' ? 'ASC' : 'DESC',
    offset: (page - 1) * perPage,
    limit: perPage,
  };
}

/** A page as an object, or a list if the query names no page. */
export const toAuditPage = (page: AuditPage, query: AuditLogQuery) =>
  RecordPage.ofRecords(page, query, toRecord);

const toRecord = (entry: AuditEntry) => ({
  event: entry.description,
  event_datetime: entry.eventTime.toISOString(),
  active_user_id: entry.authorUserId,
  active_user_name: entry.author,
  active_token_name: entry.authorToken,
  event_type: entry.event,
  affected_account_id: entry.accountId,
  affected_user_id: entry.userId,
  affected_asset_id: entry.assetId,
  affected_sensor_id: entry.sensorId,
  fields: entry.fields,
});
