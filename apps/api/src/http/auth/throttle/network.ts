import { isIPv6 } from 'node:net';

const GROUPS = 8;
const GROUPS_OF_NETWORK = 4;

/**
 * The key under which the requests of a client are counted: its IPv4 address, or the /64 prefix of its IPv6 address,
 * because a client usually has a whole /64 network.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [unzoned = ''] = address.split('%', 1);
  const [start = '', end] = unzoned.toLowerCase().split('::');
  const groups = [groupsOf(start), groupsOf(end ?? '')] as const;
  const gap = end === undefined ? 0 : GROUPS - groups[0].length - groups[1].length;
  const all = [...groups[0], ...Array.from({ length: gap }, () => '0'), ...groups[1]];
  return `${all.slice(0, GROUPS_OF_NETWORK).join(':')}::/64`;
}

const groupsOf = (part: string): string[] =>
  part === '' ? [] : part.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
