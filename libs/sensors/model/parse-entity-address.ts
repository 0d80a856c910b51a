import { DomainError, shown } from '#lib/errors';

/** What a type 1 entity address of USEF names. Owners are users; addresses may leave them out. */
export type EntityAddress =
  | { kind: 'sensor'; sensorId: number }
  | { kind: 'connection'; ownerId?: number; sensorId: number }
  | { kind: 'event'; ownerId?: number; sensorId: number; eventId: number; eventType: string }
  | { kind: 'weather-sensor'; sensorType: string; latitude: number; longitude: number }
  | { kind: 'market'; name: string };

/** A host name has 253 characters at most. */
const MAX_LENGTH = 400;

const ADDRESS = /^ea1\.(?<month>[^.:]*)\.(?<authority>[^:]+):(?<local>.+)$/;
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/** Forms of the locally unique part. The prefix `fm0.` may be missing. */
const FM1 = /^fm1\.(?<sensor>\d{1,15})$/;
const CONNECTION = /^(?:(?<owner>\d{1,15}):)?(?<sensor>\d{1,15})$/;
const EVENT = /^(?:(?<owner>\d{1,15}):)?(?<sensor>\d{1,15}):(?<event>\d{1,15}):(?<type>[a-z][\w-]{0,79})$/i;
const WEATHER_SENSOR =
  /^(?<type>[a-z][\w ]{0,79}):(?<latitude>-?\d{1,3}(?:\.\d{1,20})?):(?<longitude>-?\d{1,3}(?:\.\d{1,20})?)$/i;
const MARKET = /^(?<name>[a-z]\w{0,119})$/i;

/**
 * Parses an entity address: `ea1.2021-01.io.flexmeasures:fm1.42`, or the forms of the scheme fm0 with or without its prefix:
 * `7:10` or `10` (connections, whose ids are those of sensors), `7:10:203:soc` (events), `temperature:33.4:126.4` (weather
 * sensors, in degrees) and `epex_da` (markets). The host of the address is not checked.
 * @throws DomainError ENTITY_ADDRESS_INVALID
 */
export function parseEntityAddress(text: string): EntityAddress {
  if (!text.startsWith('ea1') || text.length > MAX_LENGTH)
    throw invalid(`A valid type 1 USEF entity address starts with 'ea1', please review ${shown(text)}.`);
  const parts = ADDRESS.exec(text)?.groups;
  if (!parts || !MONTH.test(parts['month']!))
    throw invalid(
      `A year and a month such as 2021-01, a domain name and a colon must follow 'ea1.', please review ${shown(text)}.`,
    );
  const address = parseLocal(parts['local']!);
  if (!address) throw invalid(`The part after the colon cannot be read, please review ${shown(text)}.`);
  return address;
}

function parseLocal(local: string): EntityAddress | undefined {
  const sensor = FM1.exec(local)?.groups;
  if (sensor) return { kind: 'sensor', sensorId: Number(sensor['sensor']) };
  const named = local.replace(/^fm0\./, '');
  return toConnection(named) ?? toEvent(named) ?? toWeatherSensor(named) ?? toMarket(named);
}

function toConnection(local: string): EntityAddress | undefined {
  const parts = CONNECTION.exec(local)?.groups;
  return parts && { kind: 'connection', ...ownerOf(parts), sensorId: Number(parts['sensor']) };
}

function toEvent(local: string): EntityAddress | undefined {
  const parts = EVENT.exec(local)?.groups;
  return (
    parts && {
      kind: 'event',
      ...ownerOf(parts),
      sensorId: Number(parts['sensor']),
      eventId: Number(parts['event']),
      eventType: parts['type']!,
    }
  );
}

function toWeatherSensor(local: string): EntityAddress | undefined {
  const parts = WEATHER_SENSOR.exec(local)?.groups;
  return (
    parts && {
      kind: 'weather-sensor',
      sensorType: parts['type']!,
      latitude: Number(parts['latitude']),
      longitude: Number(parts['longitude']),
    }
  );
}

function toMarket(local: string): EntityAddress | undefined {
  const parts = MARKET.exec(local)?.groups;
  return parts && { kind: 'market', name: parts['name']! };
}

const ownerOf = ({ owner }: Record<string, string | undefined>): { ownerId?: number } =>
  owner === undefined ? {} : { ownerId: Number(owner) };

const invalid = (message: string): DomainError => new DomainError('ENTITY_ADDRESS_INVALID', message);
