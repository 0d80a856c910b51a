import { listingOf, listView, readListState } from './list-view';

const ORDERS = ['name', 'id'] as const;
const state = (query: Record<string, unknown>) => readListState({ query } as never, ORDERS);
const COLUMNS = [{ title: 'Name', order: 'name' as const }, { title: 'Type' }];

describe('lists of pages', () => {
  it('read their state from the address, without what is invalid', () => {
    expect(state({})).toEqual({ filter: '', sort: 'name', isDescending: false, page: 1, perPage: 10 });
    expect(state({ filter: ' sun ', sort: 'id', dir: 'desc', page: '3', per_page: '25' })).toEqual({
      ...{ filter: 'sun', sort: 'id', isDescending: true, page: 3, perPage: 25 },
    });
    expect(state({ filter: ['x'], sort: 'owner', page: '-1', per_page: '7' })).toEqual(state({}));
    expect(listingOf(state({ page: '3' }))).toEqual({ offset: 20, limit: 10 });
  });

  it('link to sorting and to the pages around, and keep the filter', () => {
    const view = listView(state({ filter: 'a&b', page: '2' }), COLUMNS, { total: 25, totalUnfiltered: 30 });
    expect(view.summary).toBe('Showing 11 to 20 out of 25 records (filtered from 30)');
    expect(view.columns[0]).toMatchObject({
      direction: 'ascending',
      link: expect.stringContaining('dir=desc') as string,
    });
    expect(view.previous).toBe('?filter=a%26b&sort=name&dir=asc&per_page=10&page=1');
    expect(view.next).toContain('page=3');
  });

  it('have no next page at the end, and say when there is nothing', () => {
    const empty = listView(state({}), COLUMNS, { total: 0, totalUnfiltered: 4 });
    expect([empty.summary, empty.next, empty.previous]).toEqual(['No records among 4', undefined, undefined]);
  });
});
