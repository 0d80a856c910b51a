import {
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import type { ListPage } from '#lib/database';
import { ServerUrl } from '../headers/server-url';
import { pageOf, type ListQuery, type Page } from './list-query.dto';

/** The items of a page, with the position of the page in the whole list. */
export class PagedList<Item> {
  protected constructor(
    readonly items: Item[],
    protected readonly total: number,
    private readonly requested: Page | undefined,
  ) {}

  /** @param show converts an item to its JSON */
  static of<T, Item>(
    { items, total }: ListPage<T>,
    query: ListQuery,
    show: (item: T) => Item,
  ): PagedList<Item> {
    return new PagedList(items.map(show), total, pageOf(query));
  }

  /** The body of the answer. */
  body(): unknown {
    return this.items;
  }

  /** Headers with the total and the links to other pages; none if the query names no page. */
  headers(url: URL): Record<string, string> {
    if (!this.requested) return {};
    const { page, perPage } = this.requested;
    const lastPage = Math.max(1, Math.ceil(this.total / perPage));
    const links = [
      ...(page > 1 ? [link(url, Math.min(page - 1, lastPage), perPage, 'prev')] : []),
      ...(page < lastPage ? [link(url, page + 1, perPage, 'next')] : []),
    ];
    return {
      'X-Total-Count': String(this.total),
      ...(links.length > 0 && { Link: links.join(', ') }),
    };
  }
}

function link(url: URL, page: number, perPage: number, relation: 'prev' | 'next'): string {
  const target = new URL(url);
  for (const name of ['auth_token', 'per-page']) target.searchParams.delete(name);
  target.searchParams.set('page', String(page));
  target.searchParams.set('per_page', String(perPage));
  return `<${target.href}>; rel="${relation}"`;
}

@Injectable()
class PageHeaders implements NestInterceptor {
  constructor(private readonly serverUrl: ServerUrl) {}

  intercept(context: ExecutionContext, next: CallHandler<PagedList<unknown>>): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      map((list) => {
        http.getResponse<Response>().set(list.headers(this.urlOf(http.getRequest<Request>())));
        return list.body();
      }),
    );
  }

  private urlOf({ originalUrl }: Request): URL {
    return new URL(`${this.serverUrl.origin}${originalUrl}`);
  }
}

/** Sends the body of a `PagedList`, and the headers of its page. */
export const Paginated = (): MethodDecorator => UseInterceptors(PageHeaders);
