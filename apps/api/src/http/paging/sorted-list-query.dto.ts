import { Field } from '../schema/field';
import { choice } from '../schema/kinds';
import { ListQuery } from './list-query.dto';

type Direction = 'asc' | 'desc';

/**
 * Query of a list that can be sorted.
 * @param orders by what the list can be sorted
 */
export function sortedListQuery<Order extends string>(...orders: readonly Order[]) {
  class SortedListQuery extends ListQuery {
    @Field(choice(...orders), { optional: true, also: ['sort-by'] })
    sort_by?: Order;

    @Field(choice('asc', 'desc'), { optional: true, also: ['sort-dir'] })
    sort_dir?: Direction;
  }
  return SortedListQuery;
}

/** A query of a list that can be sorted. */
type SortedQuery<Order extends string> = InstanceType<ReturnType<typeof sortedListQuery<Order>>>;

/** The order that the query names; ascending unless it says otherwise. */
export const orderOf = <Order extends string>(query: SortedQuery<Order>) => ({
  sortBy: query.sort_by,
  isDescending: query.sort_dir === 'desc',
});
