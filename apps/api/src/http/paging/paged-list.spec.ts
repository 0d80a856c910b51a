import { listingOf, type ListQuery } from './list-query.dto';
import { PagedList } from './paged-list';

const headersOf = (query: ListQuery, total: number, url = 'http://localhost:5000/api/v3_0/assets') =>
  PagedList.of({ items: [], total }, query, String).headers(new URL(url));

describe('PagedList', () => {
  it('is the whole list, without paging headers, if the query names no page', () => {
    expect(listingOf({})).toEqual({ filter: undefined });
    expect(headersOf({ filter: 'toy' }, 3)).toEqual({});
  });

  it('has 100 items per page and starts with the first page by default', () => {
    expect(listingOf({ page: 3 })).toMatchObject({ offset: 200, limit: 100 });
    expect(listingOf({ per_page: 7 })).toMatchObject({ offset: 0, limit: 7 });
  });

  it('links to the previous and the next page with the other parameters, but without the token', () => {
    const url = 'http://localhost:5000/api/v3_0/assets?page=2&per_page=2&filter=a%26b&auth_token=secret';
    expect(headersOf({ page: 2, per_page: 2 }, 5, url)).toEqual({
      'X-Total-Count': '5',
      Link:
        '<http://localhost:5000/api/v3_0/assets?page=1&per_page=2&filter=a%26b>; rel="prev", ' +
        '<http://localhost:5000/api/v3_0/assets?page=3&per_page=2&filter=a%26b>; rel="next"',
    });
  });

  it.each([
    [{ page: 1, per_page: 2 }, 2, undefined],
    [{ page: 1, per_page: 2 }, 0, undefined],
    [{ page: 1, per_page: 2 }, 3, '<http://localhost:5000/api/v3_0/assets?page=2&per_page=2>; rel="next"'],
    [{ page: 2, per_page: 2 }, 4, '<http://localhost:5000/api/v3_0/assets?page=1&per_page=2>; rel="prev"'],
    [{ page: 9, per_page: 2 }, 3, '<http://localhost:5000/api/v3_0/assets?page=2&per_page=2>; rel="prev"'],
  ])('has for the query %j and %i items the links %s', (query, total, links) => {
    expect(headersOf(query, total)).toEqual({
      'X-Total-Count': String(total),
      ...(links !== undefined && { Link: links }),
    });
  });
});
