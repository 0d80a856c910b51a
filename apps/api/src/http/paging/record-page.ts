import { pageOf, type ListQuery } from './list-query.dto';
import { PagedList } from './paged-list';

/** Items of a list, with what clients of 2026 read about its length. */
export interface Records<T> {
  items: T[];
  /** Number of items on all pages. */
  total: number;
  /** The same without the search terms. */
  totalUnfiltered: number;
}

/** A page as an object with its items and the length of the list; the whole list if the query names no page. */
export class RecordPage<Item> extends PagedList<Item> {
  private totalUnfiltered = 0;
  private isPage = false;

  /**
   * @param show converts an item to its JSON
   * @param showInList the same for the whole list, if it differs
   */
  static ofRecords<T, Item>(
    { items, total, totalUnfiltered }: Records<T>,
    query: ListQuery,
    show: (item: T) => Item,
    showInList: (item: T) => Partial<Item> = show,
  ): RecordPage<Item | Partial<Item>> {
    const requested = pageOf(query);
    const page = new RecordPage(items.map(requested ? show : showInList), total, requested);
    page.totalUnfiltered = totalUnfiltered;
    page.isPage = requested !== undefined;
    return page;
  }

  override body(): unknown {
    if (!this.isPage) return this.items;
    return { data: this.items, 'filtered-records': this.total, 'num-records': this.totalUnfiltered };
  }
}
