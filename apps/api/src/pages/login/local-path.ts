/** Returns `next` if it is a path of this server; otherwise the start page, for example for URLs of other servers. */
export function localPath(next: unknown): string {
  if (typeof next !== 'string' || !/^\/[^/\\]/.test(next) || /[\s\\]|\p{Cc}/u.test(next)) return '/';
  return URL.canParse(next, BASE) && new URL(next, BASE).origin === BASE ? next : '/';
}

const BASE = 'http://localhost';
