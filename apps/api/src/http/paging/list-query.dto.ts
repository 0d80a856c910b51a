import type { PageRequest } from '#lib/database';
import { Field } from '../schema/field';
import { integer, text } from '../schema/kinds';

const DEFAULT_PER_PAGE = 100;

/** Which part of a list to answer with; all of it without page and per_page. */
export class ListQuery {
  @Field(integer({ minimum: 1 }), { optional: true })
  page?: number;

  @Field(integer({ minimum: 1, maximum: 1000 }), { optional: true })
  per_page?: number;

  @Field(text({ maxLength: 255 }), { optional: true })
  filter?: string;
}

/** A page of a list, counted from 1. */
export interface Page {
  page: number;
  perPage: number;
}

/** The page that is asked for; undefined when everything is. */
export function pageOf({ page, per_page: perPage }: ListQuery): Page | undefined {
  if (page === undefined && perPage === undefined) return undefined;
  return { page: page ?? 1, perPage: perPage ?? DEFAULT_PER_PAGE };
}

/** The part of a list that is asked for, as services know it. */
export function listingOf(query: ListQuery): PageRequest {
  const asked = pageOf(query);
  return {
    filter: query.filter,
    ...(asked && { offset: (asked.page - 1) * asked.perPage, limit: asked.perPage }),
  };
}
