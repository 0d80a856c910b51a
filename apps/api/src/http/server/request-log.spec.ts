import { loggablePath } from './request-log';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiaWF0IjoxNjAwMDAwMDAwfQ.x_y-z0123456789';

it.each([
  ['/api/v3_0/sensors?account_id=1', '/api/v3_0/sensors?account_id=1'],
  ['/api/v3_0/sensors?auth_token=secret&unit=MW', '/api/v3_0/sensors?auth_token=[redacted]&unit=MW'],
  ['/api/v3_0/sensors?auth%5Ftoken=secret', '/api/v3_0/sensors?auth%5Ftoken=[redacted]'],
  ['/api/v3_0/sensors?unit=%E0%A4%A', '/api/v3_0/sensors?unit=%E0%A4%A'],
  [`/reset/${JWT}`, '/reset/[redacted]'],
  [`/reset?token=${JWT}`, '/reset?token=[redacted]'],
  [
    '/api/v3_0/jobs/364bfd06-c1fa-430b-8d25-8f5a547651fb?start=2026-11-23T07:00:00%2B01:00',
    '/api/v3_0/jobs/364bfd06-c1fa-430b-8d25-8f5a547651fb?start=2026-11-23T07:00:00%2B01:00',
  ],
])('loggablePath of %s is %s', (url, shown) => {
  expect(loggablePath(url)).toBe(shown);
});
