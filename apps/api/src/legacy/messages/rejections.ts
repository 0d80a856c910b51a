import { shown } from '#lib/errors';
import { rejected, type ApiError } from '../../http/errors/api-error';

/** A rejection of the API before version 3: status 400 with a code, a fixed sentence, and a reason if there is one. */
const rejection =
  (status: string, sentence: string) =>
  (reason?: string): ApiError =>
    rejected(400, status, reason === undefined ? sentence : `${sentence} ${reason}`);

export const invalidDomain = rejection(
  'INVALID_DOMAIN',
  'Connections, sensors, markets and events must be named by type 1 entity addresses, such as ' +
    "'ea1.2021-01.io.flexmeasures:fm1.42'.",
);
export const invalidHorizon = rejection(
  'INVALID_HORIZON',
  'The horizon field in your request could not be used.',
);
export const invalidPeriod = rejection('INVALID_PERIOD', 'A time period in your request is not valid.');
export const invalidTimezone = rejection('INVALID_TIMEZONE', 'A time in your request has no time zone.');
export const invalidDatetime = rejection('INVALID_DATETIME', 'Datetime cannot be used.');
export const invalidSource = rejection('INVALID_SOURCE', 'The data source is not found:');
export const invalidMarket = rejection('INVALID_MARKET', 'No market is registered for the requested asset.');
export const incompletePtus = rejection('PTUS_INCOMPLETE', 'Missing values.');
export const unknownPrices = rejection('UNKNOWN_PRICES', 'Missing prices for this time period.');
export const unknownSchedule = rejection('UNKNOWN_SCHEDULE', 'No known schedule for this time period.');
export const unrecognizedAsset = rejection('UNRECOGNIZED_ASSET', 'Cannot identify asset.');
export const unrecognizedConnections = rejection(
  'UNRECOGNIZED_CONNECTION_GROUP',
  'One or more connections in your request were not found in your account.',
);
export const noBackup = rejection('NO_BACKUP', 'No backup was specified.');
export const unrecognizedBackup = rejection('UNRECOGNIZED_BACKUP', 'Unrecognized backup.');
export const noMessageType = rejection('NO_MESSAGE_TYPE', "Request message should include 'type'.");

export const invalidMessageType = (type: string): ApiError =>
  rejected(400, 'INVALID_MESSAGE_TYPE', `Request message should specify type '${type}'.`);

/** @param units accepted units; undefined if any unit was expected */
export function invalidUnit(quantity?: string, units?: readonly string[]): ApiError {
  const what = quantity === undefined ? '' : ` for ${quantity}`;
  const how = units === undefined ? 'with a unit' : `in ${units.join(' or ')}`;
  return rejected(400, 'INVALID_UNIT', `Data${what} should be given ${how}.`);
}

export const requiredInfoMissing = (...fields: string[]): ApiError =>
  rejected(
    400,
    'REQUIRED_INFO_MISSING',
    `Some of the required information is missing from the request. Missing fields: ${fields.join(', ')}.`,
  );

/** @param resolution ISO 8601 */
export const inapplicableResolution = (resolution: string): ApiError =>
  rejected(
    400,
    'INVALID_RESOLUTION',
    `Only the following resolutions in the data are supported: ${resolution}`,
  );

export const conflictingResolutions = (): ApiError =>
  rejected(400, 'INVALID_RESOLUTION', 'Requested assets do not have matching resolutions.');

export const invalidResolutionText = (text: unknown): ApiError =>
  rejected(
    400,
    'INVALID_RESOLUTION',
    `The resolution string cannot be parsed as ISO8601 duration: ${shown(typeof text === 'string' ? text : JSON.stringify(text))}`,
  );

/** A power value whose direction the connection cannot have. @param isTooSmall whether production was posted */
export const wrongSign = (connection: string, isTooSmall: boolean): ApiError =>
  isTooSmall
    ? rejected(
        400,
        'POWER_VALUE_TOO_SMALL',
        `One or more power values are too small. Connection ${shown(connection)} is registered as a pure consumer and ` +
          'can only receive non-negative values.',
      )
    : rejected(
        400,
        'POWER_VALUE_TOO_BIG',
        `One or more power values are too big. Connection ${shown(connection)} is registered as a pure producer and ` +
          'can only receive non-positive values.',
      );

export const unrecognizedMarket = (name: string): ApiError =>
  rejected(400, 'UNRECOGNIZED_MARKET', `The requested market named ${shown(name)} is not known.`);

/** @param nearest degrees of the nearest sensor of the kind; undefined if there is none */
export function unrecognizedSensor(nearest?: {
  latitude: number | null;
  longitude: number | null;
}): ApiError {
  const known = nearest
    ? `The nearest sensor is at latitude ${nearest.latitude} and longitude ${nearest.longitude}.`
    : 'There is no such sensor at all.';
  return rejected(400, 'UNRECOGNIZED_SENSOR', `No sensor is known at this location. ${known}`);
}

/** The event of a UDI event address. */
interface EventName {
  eventId: number;
  eventType: string;
}

export const unrecognizedEvent = ({ eventId, eventType }: EventName): ApiError =>
  rejected(
    400,
    'UNRECOGNIZED_UDI_EVENT',
    `The requested UDI event (id = ${eventId}, type = ${shown(eventType)}) is not known.`,
  );

export const unrecognizedEventType = (eventType: string): ApiError =>
  rejected(400, 'UNRECOGNIZED_UDI_EVENT', `The requested UDI event type ${shown(eventType)} is not known.`);

export const incompleteEvent = ({ eventId, eventType }: EventName): ApiError =>
  rejected(
    400,
    'INCOMPLETE_UDI_EVENT',
    `The requested UDI event (id = ${eventId}, type = ${shown(eventType)}) is incomplete. Missing field: targets.`,
  );

export const outdatedEvent = (eventId: number, latestId: number): ApiError =>
  rejected(
    400,
    'OUTDATED_UDI_EVENT',
    `The requested UDI event (id = ${eventId}) is equal or before the latest existing one (id = ${latestId}).`,
  );

export const invalidRole = (role: string): ApiError =>
  rejected(400, 'INVALID_ROLE', `No known services for specified role ${shown(role)}.`);
