import { DomainError } from '#lib/errors';
import { parseEntityAddress, type EntityAddress } from '#lib/sensors/model';
import { invalidDomain } from '../messages/rejections';

type Kind = EntityAddress['kind'];
type AddressOf<K extends Kind> = Extract<EntityAddress, { kind: K }>;

/**
 * Parses an entity address of some kinds.
 * @throws ApiError INVALID_DOMAIN
 */
export function readAddress<K extends Kind>(text: string, kinds: readonly K[]): AddressOf<K> {
  let address: EntityAddress;
  try {
    address = parseEntityAddress(text);
  } catch (error) {
    throw error instanceof DomainError ? invalidDomain(error.message) : error;
  }
  if (isOfKind(address, kinds)) return address;
  throw invalidDomain(`An address of a ${kinds.at(-1)!} is expected, got one of a ${address.kind}.`);
}

const isOfKind = <K extends Kind>(address: EntityAddress, kinds: readonly K[]): address is AddressOf<K> =>
  (kinds as readonly Kind[]).includes(address.kind);

/** Whether a name is an entity address, and not the name of a sensor. */
export const isAddress = (name: string): boolean => name.startsWith('ea1');
