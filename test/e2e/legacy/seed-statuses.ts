/** The statuses of refused requests that the documentation of the versions before 3 lists, by endpoint. */
type Statuses = Record<string, string>;

const ALL = '401 UNAUTHORIZED, 403 INVALID_SENDER';
const MESSAGE = `${ALL}, 405 INVALID_METHOD`;

const refused = (others: string, codes: string): string =>
  [...codes.split(' ').map((code) => `400 ${code}`), others].join(', ');

const READ = refused(
  MESSAGE,
  'INVALID_DOMAIN INVALID_MESSAGE_TYPE INVALID_SOURCE INVALID_TIMEZONE INVALID_UNIT UNRECOGNIZED_ASSET ' +
    'UNRECOGNIZED_CONNECTION_GROUP',
);
const SERIES = 'INVALID_MESSAGE_TYPE INVALID_TIMEZONE INVALID_UNIT REQUIRED_INFO_MISSING UNRECOGNIZED_ASSET';
const POST_METER_DATA = refused(MESSAGE, `${SERIES} INVALID_DOMAIN UNRECOGNIZED_CONNECTION_GROUP`);

const V1: Statuses = {
  'GET getMeterData': READ,
  'POST getMeterData': READ,
  'POST postMeterData': POST_METER_DATA,
};

const V1_1: Statuses = {
  'GET getConnection': refused(MESSAGE, 'INVALID_MESSAGE_TYPE'),
  'GET getMeterData': READ,
  'GET getPrognosis': READ.replace('400 INVALID_DOMAIN, ', ''),
  'POST postMeterData': POST_METER_DATA,
  'POST postPriceData': refused(MESSAGE, `${SERIES} INVALID_DOMAIN UNRECOGNIZED_MARKET`),
  'POST postPrognosis': refused(MESSAGE, `${SERIES} UNRECOGNIZED_CONNECTION_GROUP`),
  'POST postWeatherData': refused(MESSAGE, `${SERIES} INVALID_DOMAIN UNRECOGNIZED_SENSOR`),
};

/**
 * The documentation also lists INVALID_TIMEZONE for device messages. A request for one has no time, so that the Python
 * version has no way to it either.
 */
const DEVICE_MESSAGE =
  'INVALID_DOMAIN INVALID_MESSAGE_TYPE INVALID_UNIT UNRECOGNIZED_CONNECTION_GROUP UNRECOGNIZED_UDI_EVENT';
const UNPROCESSABLE = `${MESSAGE}, 422 UNPROCESSABLE_ENTITY`;
const UDI_EVENT =
  'INVALID_DOMAIN INVALID_MESSAGE_TYPE INVALID_TIMEZONE INVALID_DATETIME INVALID_UNIT PTUS_INCOMPLETE ' +
  'OUTDATED_UDI_EVENT UNRECOGNIZED_UDI_EVENT';

const V1_2: Statuses = {
  ...V1_1,
  'GET getDeviceMessage': refused(UNPROCESSABLE, `${DEVICE_MESSAGE} UNKNOWN_PRICES`),
  'POST postUdiEvent': refused(MESSAGE, UDI_EVENT),
};

const V1_3: Statuses = {
  ...V1_1,
  'GET getDeviceMessage': refused(UNPROCESSABLE, `${DEVICE_MESSAGE} UNKNOWN_SCHEDULE`),
  'POST postUdiEvent': refused(MESSAGE, `${UDI_EVENT} INCOMPLETE_UDI_EVENT`),
};

const ONE = refused(ALL, 'INVALID_REQUEST REQUIRED_INFO_MISSING UNEXPECTED_PARAMS');
const CHANGE = `${ONE}, 422 UNPROCESSABLE_ENTITY`;
const LIST = refused(ALL, 'INVALID_REQUEST');

const V2_0: Statuses = {
  ...V1_3,
  'DELETE asset/(id)': ONE,
  'GET asset/(id)': ONE,
  'PATCH asset/(id)': CHANGE,
  'GET assets': LIST,
  'POST assets': LIST,
  'GET user/(id)': ONE,
  'PATCH user/(id)': CHANGE,
  'PATCH user/(id)/password-reset': ONE,
  'GET users': LIST,
};

/** Each documented status, as `POST v1/postMeterData 400 INVALID_UNIT`. */
export const SEED_STATUSES: readonly string[] = Object.entries({
  v1: V1,
  v1_1: V1_1,
  v1_2: V1_2,
  v1_3: V1_3,
  v2_0: V2_0,
}).flatMap(([version, endpoints]) =>
  Object.entries(endpoints).flatMap(([endpoint, statuses]) => {
    const [method, path] = endpoint.split(' ');
    return statuses.split(', ').map((status) => `${method} ${version}/${path} ${status}`);
  }),
);
