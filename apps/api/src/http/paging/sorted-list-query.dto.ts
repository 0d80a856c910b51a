import { Field } from '../schema/field';
import { choice, integer } from '../schema/kinds';
import { ListQuery } from './list-query.dto';

type Direction = 'asc' | 'desc';

const OPTIONAL = { optional: true };

/**
 * Query of a list that can be sorted, by the names of clients of 2026, with hyphens, and of older clients, with underscores.
 * @param orders by what the list can be sorted
 */
export function sortedListQuery<Order extends string>(...orders: readonly Order[]) {
  class SortedListQuery extends ListQuery {
    @Field(integer({ minimum: 1, maximum: 1000 }), OPTIONAL)
    'per-page'?: number;

    @Field(choice(...orders), OPTIONAL)
    'sort-by'?: Order;

    @Field(choice(...orders), OPTIONAL)
    sort_by?: Order;

    @Field(choice('asc', 'desc'), OPTIONAL)
    'sort-dir'?: Direction;

    @Field(choice('asc', 'desc'), OPTIONAL)
    sort_dir?: Direction;
  }
  return SortedListQuery;
}

/** A query of a list that can be sorted. */
export type SortedQuery<Order extends string> = InstanceType<ReturnType<typeof sortedListQuery<Order>>>;

/** The page that the query names, if any. */
export const pageQueryOf = (query: SortedQuery<string>): ListQuery => ({
  page: query.page,
  per_page: query['per-page'] ?? query.per_page,
});

/** The order that the query names; ascending unless it says otherwise. */
export const orderOf = <Order extends string>(query: SortedQuery<Order>) => ({
  sortBy: query['sort-by'] ?? query.sort_by,
  isDescending: (query['sort-dir'] ?? query.sort_dir) === 'desc',
});
