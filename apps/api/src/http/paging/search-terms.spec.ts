import { searchTerms } from './search-terms';

describe('searchTerms', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['toy', ['toy']],
    ['  solar   "ACME corp" ', ['solar', 'ACME corp']],
    ['a"b c"d', ['a', 'b c', 'd']],
    ['"unfinished phrase', ['unfinished', 'phrase']],
    ['""', []],
  ])('reads %j as %j', (filter, terms) => {
    expect(searchTerms(filter)).toEqual(terms);
  });
});
