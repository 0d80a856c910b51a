import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationOf, operations } from '../../harness/contract/contract';

/** The operations of FlexMeasures of August 2026, by path below /api. */
const REFERENCE: Record<string, string> = {
  '/requestAuthToken': 'POST',
  '/': 'GET',
  '/ops/ping': 'GET',
  '/ops/getLatestTaskRun': 'GET',
  '/ops/postLatestTaskRun': 'POST',
  '/dev/sensor/1': 'GET',
  '/dev/sensor/1/chart': 'GET',
  '/dev/sensor/1/chart_data': 'GET',
  '/dev/sensor/1/chart_annotations': 'GET',
  '/dev/asset/1': 'GET',
  '/v3_0': 'GET',
  '/v3_0/health/ready': 'GET',
  '/v3_0/sensors': 'GET POST',
  '/v3_0/sensors/1': 'GET PATCH DELETE',
  '/v3_0/sensors/1/data': 'GET POST DELETE',
  '/v3_0/sensors/1/data/upload': 'POST',
  '/v3_0/sensors/1/schedules/trigger': 'POST',
  '/v3_0/sensors/1/schedules/uuid': 'GET',
  '/v3_0/sensors/1/forecasts/trigger': 'POST',
  '/v3_0/sensors/1/forecasts/uuid': 'GET',
  '/v3_0/sensors/1/stats': 'GET',
  '/v3_0/sensors/1/status': 'GET',
  '/v3_0/sensors/1/annotations': 'POST',
  '/v3_0/sensors/data': 'GET POST',
  '/v3_0/assets': 'GET POST',
  '/v3_0/assets/public': 'GET',
  '/v3_0/assets/types': 'GET',
  '/v3_0/assets/1': 'GET PATCH DELETE',
  '/v3_0/assets/1/sensors': 'GET',
  '/v3_0/assets/1/schedules/trigger': 'POST',
  '/v3_0/assets/1/copy': 'POST',
  '/v3_0/assets/1/chart': 'GET',
  '/v3_0/assets/1/chart_data': 'GET',
  '/v3_0/assets/1/chart_annotations': 'GET',
  '/v3_0/assets/1/auditlog': 'GET',
  '/v3_0/assets/1/jobs': 'GET',
  '/v3_0/assets/1/kpis': 'GET',
  '/v3_0/assets/1/annotations': 'POST',
  '/v3_0/assets/default_asset_view': 'POST',
  '/v3_0/assets/keep_legends_below_graphs': 'POST',
  '/v3_0/jobs/uuid': 'GET',
  '/v3_0/sources': 'GET',
  '/v3_0/accounts': 'GET POST',
  '/v3_0/accounts/1': 'GET PATCH',
  '/v3_0/accounts/1/auditlog': 'GET',
  '/v3_0/accounts/1/annotations': 'POST',
  '/v3_0/users': 'GET POST',
  '/v3_0/users/1': 'GET PATCH',
  '/v3_0/users/1/password-reset': 'PATCH',
  '/v3_0/users/1/auditlog': 'GET',
};

const COMPATIBILITY = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'compatibility.md'), 'utf8');

describe('Operations of FlexMeasures of August 2026', () => {
  const all = Object.entries(REFERENCE).flatMap(([path, methods]) =>
    methods.split(' ').map((method): [string, string] => [method, path]),
  );
  const isServed = ([method, path]: [string, string]) => operationOf(method, `/api${path}`) !== undefined;

  it.each(all.filter((one) => !isServed(one)))('%s %s is listed as not served', (_method, path) => {
    const [, section = ''] = COMPATIBILITY.split('## Preferences of the session');
    expect(section).toContain(path.replace('/v3_0', ''));
  });

  it('are served otherwise', () => {
    expect(all.filter((one) => !isServed(one))).toHaveLength(2);
  });

  it('are marked in the contract, and all others as missing there', () => {
    const served = new Set(all.map(([method, path]) => operationOf(method, `/api${path}`)?.operationId));
    for (const { operationId, since } of operations)
      expect([operationId, /^\d+\.\d+$/.test(since)]).toEqual([operationId, served.has(operationId)]);
  });
});
