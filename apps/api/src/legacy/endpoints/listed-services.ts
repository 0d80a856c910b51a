import type { ListedService } from './services.controller';

const ALL_ROLES = ['Aggregator', 'Supplier', 'MDC', 'DSO', 'Prosumer', 'ESCo'];
const CONTROL_ROLES = ['Prosumer', 'ESCo'];

/** Services with meter data: version 1.0. */
export const METER_DATA_SERVICES: readonly ListedService[] = [
  { name: 'getMeterData', access: ALL_ROLES, description: 'Get measured power of connections' },
  { name: 'postMeterData', access: ALL_ROLES, description: 'Post measured power of connections' },
];

/** What version 1.1 adds. */
export const DATA_SERVICES: readonly ListedService[] = [
  { name: 'getConnection', access: ALL_ROLES, description: 'Get the entity addresses of connections' },
  { name: 'getPrognosis', access: ALL_ROLES, description: 'Get the expected power of connections' },
  { name: 'postPrognosis', access: ALL_ROLES, description: 'Post the expected power of connections' },
  { name: 'postPriceData', access: ALL_ROLES, description: 'Post prices of markets' },
  {
    name: 'postWeatherData',
    access: ALL_ROLES,
    description: 'Post what weather sensors have measured, or weather forecasts',
  },
];

/** What version 1.2 adds. */
export const CONTROL_SERVICES: readonly ListedService[] = [
  {
    name: 'getDeviceMessage',
    access: CONTROL_ROLES,
    description: 'Get the power that a device should take, for a UDI event',
  },
  {
    name: 'postUdiEvent',
    access: CONTROL_ROLES,
    description: 'Post the state of a flexible device, with its constraints, as a UDI event',
  },
];

/** What version 2.0 adds. */
export const REST_SERVICES: readonly ListedService[] = [
  { name: 'GET /assets', access: [], description: 'List assets' },
  { name: 'POST /assets', access: [], description: 'Create an asset' },
  { name: 'GET /asset/<id>', access: [], description: 'Get an asset' },
  { name: 'PATCH /asset/<id>', access: [], description: 'Change an asset' },
  { name: 'DELETE /asset/<id>', access: [], description: 'Delete an asset with its data' },
  { name: 'GET /users', access: [], description: 'List users' },
  { name: 'GET /user/<id>', access: [], description: 'Get a user' },
  { name: 'PATCH /user/<id>', access: [], description: 'Change a user' },
  { name: 'PATCH /user/<id>/password-reset', access: [], description: 'Reset the password of a user' },
];
