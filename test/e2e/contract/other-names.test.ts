import { unprocessable } from '../../harness/contract/answers';
import { operations, type Part } from '../../harness/contract/contract';
import { DAY, HALF_A_DAY, startScene, type Scene } from '../../harness/scenes/api-scene';

const IDS: Record<string, string> = { '/sensors/{id}': '2', '/sensor/{id}': '2' };

/** The name with hyphens instead of underscores, or the reverse. */
const otherName = (name: string): string =>
  name.includes('_') ? name.replaceAll('_', '-') : name.replaceAll('-', '_');

/** Whether a parameter accepts only some texts, so that a text that it refuses shows that it was read. */
const isStrict = ({ schema }: Part): boolean => {
  const { type, enum: choices, format } = schema as { type?: string; enum?: unknown; format?: string };
  return type !== 'string' || choices !== undefined || format !== undefined;
};

/** Parameters of queries that have two spellings, with their paths. */
const PARAMETERS = operations
  .filter(({ method }) => method === 'GET')
  .flatMap(({ path, parameters }) =>
    parameters
      .filter((parameter) => parameter['in'] === 'query' && isStrict(parameter))
      .map(({ name }) => name as string)
      .filter((name) => otherName(name) !== name)
      .map((name): [string, string] => [path, name]),
  );

describe('Other names of fields', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
  });
  afterAll(() => scene.stop());

  it.each(PARAMETERS)(
    'GET %s reads the parameter %s with hyphens and with underscores',
    async (path, name) => {
      const id = Object.entries(IDS).find(([part]) => path.includes(part))?.[1] ?? '3';
      const url = path.replace('{id}', path.includes('/accounts/') || path.includes('/users/') ? '1' : id);
      for (const spelling of [name, otherName(name)]) {
        const query = new URLSearchParams({ [spelling]: '?' });
        const { status, body } = await scene.api.request('GET', `${url}?${query.toString()}`, {
          token: scene.tokenOf('admin'),
        });
        // By where the reasons are: `query` or `args_and_json`.
        const [reasons] = Object.values((body as { message: Record<string, object> }).message);
        expect([status, reasons]).toEqual([
          422,
          expect.objectContaining({ [spelling]: expect.anything() as object }),
        ]);
      }
    },
  );

  it('starts a new job for force-new-job-creation and force_new_job_creation', async () => {
    const trigger = async (change: object): Promise<string> => {
      const { body } = await scene.send('POST', '/sensors/2/schedules/trigger', { ...HALF_A_DAY, ...change });
      return (body as { schedule: string }).schedule;
    };
    const first = await trigger({});
    expect(await trigger({})).toBe(first);
    expect(await trigger({ 'force-new-job-creation': false })).toBe(first);
    const second = await trigger({ 'force-new-job-creation': true });
    const third = await trigger({ force_new_job_creation: true });
    expect(new Set([first, second, third]).size).toBe(3);
    const contradiction = { 'force-new-job-creation': true, force_new_job_creation: false };
    const site = { ...HALF_A_DAY, 'flex-model': [{ sensor: 2, ...HALF_A_DAY['flex-model'] }] };
    for (const [path, body] of [
      ['/sensors/2/schedules/trigger', HALF_A_DAY],
      ['/assets/3/schedules/trigger', site],
    ] as const)
      expect(await scene.send('POST', path, { ...body, ...contradiction })).toMatchObject(
        unprocessable('json', {
          force_new_job_creation: [
            'Differs from force-new-job-creation, which is the same field. Send one of them.',
          ],
        }),
      );
  });

  it('reads bodies and forms with either spelling', async () => {
    const asset = { name: 'either spelling', 'generic-asset-type-id': 5, 'account-id': 1 };
    expect(await scene.send('POST', '/assets', asset)).toMatchObject({
      status: 201,
      body: { generic_asset_type_id: 5, account_id: 1 },
    });
    const forecast = { start: `${DAY}T00:00:00Z`, duration: 'PT1H', config: { train_period: 'P1D' } };
    expect(await scene.send('POST', '/sensors/2/forecasts/trigger', forecast)).toMatchObject(
      unprocessable('json', { 'config.train-period': [expect.any(String) as string] }),
    );
    expect(
      await scene.send('POST', '/sensors/2/schedules/trigger', {
        start: HALF_A_DAY.start,
        flex_model: { ...HALF_A_DAY['flex-model'], soc_at_start: undefined, soc_min: '1 kWh' },
        flex_context: HALF_A_DAY['flex-context'],
      }),
    ).toMatchObject({ status: 200 });
  });

  it('charts take start, end, duration and prior', async () => {
    const events = async (query: string): Promise<unknown> =>
      (await scene.send('GET', `/assets/3/chart_data?${query}`)).body;
    const start = `${DAY}T01:00:00Z`;
    const end = `${DAY}T03:00:00Z`;
    const expected = await events(`event_starts_after=${start}&event_ends_before=${end}`);
    expect(expected).toHaveLength(8);
    for (const query of [
      `start=${start}&end=${end}`,
      `start=${start}&duration=PT2H`,
      `end=${end}&duration=PT2H`,
    ])
      expect(await events(query)).toEqual(expected);
    expect(await events(`start=${start}&end=${end}&prior=2026-03-01T00:00:00Z`)).toEqual([]);
    expect(await scene.send('GET', '/assets/3/chart_data?duration=PT2H')).toMatchObject(
      unprocessable('query', { duration: ['Needs either start or end.'] }),
    );
  });
});
