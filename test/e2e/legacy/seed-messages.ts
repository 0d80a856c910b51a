/** The messages of the documentation of the versions before 3, with their ids and times. */
export const HOST = 'ea1.2021-01.io.flexmeasures.company';

const DAY_OF_PRICES = [
  ...[52.37, 51.14, 49.09, 48.35, 48.47, 49.98, 58.7, 67.76, 69.21, 70.26, 70.46, 70],
  ...[70.7, 70.41, 70, 64.53, 65.92, 69.72, 70.51, 75.49, 70.35, 70.01, 66.98, 58.61],
];

const WINDOW = { start: '2015-01-01T00:00:00Z', duration: 'PT1H30M', unit: 'MW' };
export const METERED = [306.66, 306.66, 0, 0, 306.66, 306.66];
export const PROGNOSED = [300, 300, 300, 0, 0, 300];

export const GET_METER_DATA = { type: 'GetMeterDataRequest', connection: 'CS 1', ...WINDOW };

export const GET_PROGNOSIS = {
  ...{ type: 'GetPrognosisRequest', connection: 'CS 1', ...WINDOW },
  ...{ horizon: 'PT6H', resolution: 'PT15M' },
};

export const POST_METER_DATA = {
  type: 'PostMeterDataRequest',
  groups: [
    { connections: ['CS 1', 'CS 3'], values: METERED },
    { connections: ['CS 2'], values: [306.66, 0, 0, 0, 306.66, 306.66] },
  ],
  ...WINDOW,
};

export const POST_PROGNOSIS = {
  type: 'PostPrognosisRequest',
  groups: [
    { connections: ['CS 1', 'CS 3'], values: PROGNOSED },
    { connections: ['CS 2'], values: [300, 0, 0, 0, 300, 300] },
  ],
  ...{ ...WINDOW, horizon: 'PT7H30M' },
};

export const POST_PRICE_DATA = {
  ...{ type: 'PostPriceDataRequest', market: `${HOST}:epex_da`, values: DAY_OF_PRICES },
  ...{ start: '2015-01-01T15:00:00+09:00', duration: 'PT24H', horizon: 'PT35H', unit: 'EUR/MWh' },
};

const TEMPERATURES = [20.04, 20.23, 20.41, 20.51, 20.55, 20.57];

export const POST_WEATHER_DATA = {
  type: 'PostWeatherDataRequest',
  groups: [{ sensor: `${HOST}:temperature:33.4843866:126.477859`, values: TEMPERATURES }],
  ...{ start: '2015-01-01T15:00:00+09:00', duration: 'PT1H30M', horizon: 'PT3H', unit: '°C' },
};

/** The examples of version 2.0, which name sensors by their ids. */
const WINDOW_V2 = { start: '2021-01-01T00:00:00Z', duration: 'PT1H30M', unit: 'MW' };

export const POST_METER_DATA_V2 = {
  type: 'PostMeterDataRequest',
  groups: [
    { connections: [`${HOST}:fm1.3`, `${HOST}:fm1.4`], values: METERED },
    { connections: [`${HOST}:fm1.5`], values: [306.66, 0, 0, 0, 306.66, 306.66] },
  ],
  ...WINDOW_V2,
};

export const POST_PROGNOSIS_V2 = {
  type: 'PostPrognosisRequest',
  groups: [
    { connections: [`${HOST}:fm1.3`, `${HOST}:fm1.4`], values: PROGNOSED },
    { connections: [`${HOST}:fm1.5`], values: [300, 0, 0, 0, 300, 300] },
  ],
  ...{ ...WINDOW_V2, prior: '2020-12-31T18:00:00Z' },
};

export const POST_PRICE_DATA_V2 = {
  ...{ type: 'PostPriceDataRequest', market: `${HOST}:fm1.12`, values: DAY_OF_PRICES },
  ...{ start: '2021-01-01T00:00:00+01:00', duration: 'PT24H', prior: '2020-12-31T13:00:00+01:00' },
  unit: 'EUR/MWh',
};

export const POST_WEATHER_DATA_V2 = {
  type: 'PostWeatherDataRequest',
  groups: [{ sensor: `${HOST}:fm1.602`, values: TEMPERATURES }],
  ...{
    start: '2021-01-01T15:00:00+09:00',
    duration: 'PT1H30M',
    prior: '2021-01-01T12:00:00+09:00',
    unit: '°C',
  },
};

/** Example A of versions 1.3 and 2.0; version 1.2 writes the address with `fm0.`. */
export const POST_UDI_EVENT = {
  ...{ type: 'PostUdiEventRequest', event: `${HOST}:7:10:203:soc`, value: 12.1, unit: 'kWh' },
  datetime: '2015-06-02T10:00:00+00:00',
};

export const POST_UDI_EVENT_OF_V1_2 = { ...POST_UDI_EVENT, event: `${HOST}:fm0.7:10:203:soc` };

export const POST_UDI_EVENT_WITH_TARGETS = {
  ...POST_UDI_EVENT,
  event: `${HOST}:fm0.7:10:204:soc-with-targets`,
  targets: [{ value: 25, datetime: '2015-06-02T16:00:00+00:00' }],
  ...{ soc_min: 10, soc_max: 25, roundtrip_efficiency: 0.98 },
};

export const GET_DEVICE_MESSAGE = { type: 'GetDeviceMessageRequest', event: `${HOST}:fm0.7:10:203:soc` };

/** Prices of the days of the UDI events; the documentation has no message for them. */
export const PRICES_FOR_UDI_EVENTS = {
  ...{ type: 'PostPriceDataRequest', market: `${HOST}:epex_da` },
  values: [...DAY_OF_PRICES, ...DAY_OF_PRICES, ...DAY_OF_PRICES],
  ...{ start: '2015-06-02T00:00:00Z', duration: 'PT72H', horizon: 'PT96H', unit: 'EUR/MWh' },
};
