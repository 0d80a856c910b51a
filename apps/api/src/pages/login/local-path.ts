/** The path of a page of this server to go on to; the start page for everything else, such as other servers. */
export function localPath(next: unknown): string {
  if (typeof next !== 'string' || !/^\/[^/\\]/.test(next) || /[\s\\]|\p{Cc}/u.test(next)) return '/';
  return URL.canParse(next, BASE) && new URL(next, BASE).origin === BASE ? next : '/';
}

const BASE = 'http://localhost';
