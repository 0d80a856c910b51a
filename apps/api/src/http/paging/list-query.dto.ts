import type { PageRequest } from '#lib/database';
import { Field } from '../schema/field';
import { integer, text } from '../schema/kinds';

const DEFAULT_PER_PAGE = 100;

/** The page of a list; the whole list without page and per_page. */
export class ListQuery {
  @Field(integer({ minimum: 1 }), { optional: true })
  page?: number;

  @Field(integer({ minimum: 1, maximum: 1000 }), { optional: true, also: ['per-page'] })
  per_page?: number;

  @Field(text({ maxLength: 255 }), { optional: true })
  filter?: string;
}

/** A page of a list; the first page is 1. */
export interface Page {
  page: number;
  perPage: number;
}

/** The requested page; undefined for the whole list. */
export function pageOf({ page, per_page: perPage }: ListQuery): Page | undefined {
  if (page === undefined && perPage === undefined) return undefined;
  return { page: page ?? 1, perPage: perPage ?? DEFAULT_PER_PAGE };
}

/** Clients of 2026 expect so many items on a page. */
const RECORDS_PER_PAGE = 10;

/** The page that is asked for, with ten items unless the query says otherwise; the whole list if it names no page. */
export const recordPageOf = ({ page, per_page: perPage }: ListQuery): ListQuery => ({
  page,
  per_page: perPage ?? (page === undefined ? undefined : RECORDS_PER_PAGE),
});

/** The part of a list that is asked for, as services know it. */
export function listingOf(query: ListQuery): PageRequest {
  const requested = pageOf(query);
  return {
    filter: query.filter,
    ...(requested && { offset: (requested.page - 1) * requested.perPage, limit: requested.perPage }),
  };
}
