/** The path of a route of a plugin: below `/api/<plugin>`, unless it is a path of the API already. */
export const apiPathOf = (plugin: string, path: string): string =>
  path.startsWith('/api/') ? path : `/api/${plugin}${path === '/' ? '' : path}`;

/** The path under which the static files of a plugin are served. */
export const staticPathOf = (plugin: string): string => `/static/plugins/${plugin}`;

/** One or several paths or requirements as a list. */
export const listOf = <T>(given: T | readonly T[] | undefined): readonly T[] =>
  given === undefined ? [] : Array.isArray(given) ? (given as readonly T[]) : [given as T];
