import type { Contract } from './contract-file';

/** A service of the API: an operation, with the URL to which requests are sent. */
export interface ServiceEntry {
  url: string;
  name: string;
  description: string;
}

/**
 * The operations below a path, ordered by URL and name.
 * @param origin scheme, host and port of the URLs
 * @param base path that all operations start with; the names leave it out
 */
export function servicesOf({ paths }: Pick<Contract, 'paths'>, origin: string, base: string): ServiceEntry[] {
  return Object.entries(paths)
    .filter(([path]) => path === base || path.startsWith(`${base}/`))
    .flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item[method];
        if (!operation) return [];
        const name = `${method.toUpperCase()} ${path.slice(base.length)}`.trimEnd();
        return [{ url: origin + path, name, description: operation.summary ?? '' }];
      }),
    )
    .sort((one, other) => compare(one.url, other.url) || compare(one.name, other.name));
}

const METHODS = ['delete', 'get', 'patch', 'post', 'put'];

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
