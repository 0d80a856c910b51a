import type { Settings } from './settings';

const ALL_INTERFACES = ['0.0.0.0', '::'];

/** Scheme, host and port under which clients find the server: as configured, or else its own on this machine. */
export function publicUrl({ address, host, port }: Pick<Settings, 'address' | 'host' | 'port'>): string {
  if (address !== undefined) return address;
  if (isLoopback(host) || ALL_INTERFACES.includes(host)) return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a server that listens on this address can be reached from this machine only. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host);
