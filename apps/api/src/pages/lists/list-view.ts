import type { Request } from 'express';

/** Which part of a list is asked for, by the address of the page. */
export interface ListState<Order extends string> {
  filter: string;
  sort: Order;
  isDescending: boolean;
  /** From 1. */
  page: number;
  perPage: number;
}

const SIZES = [10, 25, 50, 100];
const MAX_FILTER = 255;
const MAX_PAGE = 1_000_000;

/** Reads the state of a list from the query of its page. What is invalid counts as not given. */
export function readListState<Order extends string>(
  { query }: Pick<Request, 'query'>,
  orders: readonly [Order, ...Order[]],
): ListState<Order> {
  const textOf = (name: string): string => {
    const value = query[name];
    return typeof value === 'string' ? value : '';
  };
  const page = Number(textOf('page'));
  return {
    filter: textOf('filter').trim().slice(0, MAX_FILTER),
    sort: orders.find((order) => order === textOf('sort')) ?? orders[0],
    isDescending: textOf('dir') === 'desc',
    page: Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1,
    perPage: SIZES.find((size) => String(size) === textOf('per_page')) ?? SIZES[0]!,
  };
}

/** The part of the list as services take it. */
export const listingOf = ({ page, perPage }: ListState<string>) => ({
  offset: (page - 1) * perPage,
  limit: perPage,
});

/** A column of a list; one with an order can be sorted by it. */
export interface Column<Order extends string> {
  title: string;
  order?: Order;
}

/** What the template of a list needs: links for sorting and paging, and which records are shown. */
export function listView<Order extends string>(
  state: ListState<Order>,
  columns: readonly Column<Order>[],
  { total, totalUnfiltered }: { total: number; totalUnfiltered: number },
  others: Readonly<Record<string, string>> = {},
) {
  const { filter, sort, isDescending, page, perPage } = state;
  const link = (changes: Record<string, string>): string =>
    `?${new URLSearchParams({
      ...(filter !== '' && { filter }),
      ...{ sort, dir: isDescending ? 'desc' : 'asc', per_page: String(perPage), ...others, ...changes },
    }).toString()}`;
  const first = (page - 1) * perPage + 1;
  const last = Math.min(page * perPage, total);
  return {
    ...{ filter, sort, per_page: perPage, sizes: SIZES, dir: isDescending ? 'desc' : 'asc' },
    columns: columns.map(({ title, order }) => ({
      title,
      ...(order !== undefined && {
        link: link({ sort: order, dir: order === sort && !isDescending ? 'desc' : 'asc' }),
        direction: order === sort ? (isDescending ? 'descending' : 'ascending') : 'none',
      }),
    })),
    summary:
      total === 0
        ? `No records${totalUnfiltered > 0 ? ` among ${totalUnfiltered}` : ''}`
        : `Showing ${Math.min(first, total)} to ${last} out of ${total} records` +
          (total < totalUnfiltered ? ` (filtered from ${totalUnfiltered})` : ''),
    previous: page > 1 ? link({ page: String(page - 1) }) : undefined,
    next: last < total ? link({ page: String(page + 1) }) : undefined,
  };
}
