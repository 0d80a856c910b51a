import { shown } from '#lib/errors';
import { tooLong, type Kind } from '../../http/schema/kinds';

/** A host name has 253 characters at most. */
const MAX_ADDRESS_LENGTH = 300;
const ADDRESS = /^ea1\..+:fm1\.(\d+)$/;

/** The sensor id in an entity address; the host of the address is ignored. */
const idInAddress = (address: unknown): number | undefined => {
  const id =
    typeof address === 'string' && address.length <= MAX_ADDRESS_LENGTH
      ? ADDRESS.exec(address)?.[1]
      : undefined;
  return id === undefined ? undefined : Number(id);
};

function explainReference(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return undefined;
  if (typeof value !== 'string') return 'Not a valid sensor id or entity address.';
  if (idInAddress(value) !== undefined) return undefined;
  if (value.length > MAX_ADDRESS_LENGTH) return tooLong(MAX_ADDRESS_LENGTH);
  return value.startsWith('ea1')
    ? `A valid type 1 FlexMeasures entity address starts with 'ea1.YYYY-MM.reversed-host:fm1.', please review ${shown(value)}`
    : `A valid type 1 USEF entity address starts with 'ea1', please review ${shown(value)}`;
}

/** A sensor in a body, by id or entity address; converted to the id. */
export const sensorReference = (): Kind => ({
  schema: {
    oneOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: String.raw`^ea1\..+:fm1\.\d+$` },
    ],
  },
  explain: explainReference,
  read: (value) => idInAddress(value) ?? value,
});

/** A sensor in a query, by id (a string of digits) or entity address; converted to the id. */
export const sensorInQuery = (): Kind => ({
  schema: { type: 'string' },
  explain: explainReference,
  read: (value) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : (idInAddress(value) ?? value),
});
