import {
  checkAnswer,
  operationOf,
  operations,
  type Answer,
  type Part,
} from '../../harness/contract/contract';

const answer = (change: Partial<Answer> & { body?: unknown; type?: string | null } = {}): Answer => {
  const { body = { database_sql: true, status: 200 }, type = 'application/json', ...rest } = change;
  const path = change.path ?? '/api/v3_0/health/ready';
  const headers: Record<string, string | null> = {
    'content-type': type,
    'FlexMeasures-Version': '0.33.1',
    'API-Version': path.startsWith('/api/v3_0') ? 'v3_0' : null,
  };
  return {
    method: 'GET',
    status: 200,
    header: (name) => headers[name] ?? null,
    content: typeof body === 'string' ? body : JSON.stringify(body),
    ...rest,
    path,
  };
};
const findViolation = (change: Parameters<typeof answer>[0]): string => {
  try {
    checkAnswer(answer(change));
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('the check of answers against the contract', () => {
  it('finds the operation of a request, fixed paths before parameters', () => {
    expect(operationOf('GET', '/api/v3_0/assets/public?page=1')?.operationId).toBe('listPublicAssets');
    expect(operationOf('GET', '/api/v3_0/assets/7')?.operationId).toBe('getAsset');
    expect(operationOf('GET', '/api/v3_0/assets/7/chart')?.operationId).toBe('getAssetChart');
    expect(operationOf('POST', '/api/v3_0/sensors/7/schedules/trigger')?.operationId).toBe('triggerSchedule');
    expect(operationOf('PUT', '/api/v3_0/assets/7')).toBeUndefined();
    expect(operationOf('GET', '/api/v3_0/assets//chart')).toBeUndefined();
  });

  it('passes every example of the contract', () => {
    const examples = operations.flatMap((operation) =>
      Object.entries(operation.responses).flatMap(([status, response]) =>
        Object.entries((response['content'] ?? {}) as Record<string, Part>).flatMap(
          ([type, { example, examples: several = {} }]) =>
            [
              example,
              ...Object.values(several as Record<string, { value: unknown }>).map(({ value }) => value),
            ]
              .filter((body) => body !== undefined)
              .map((body) => ({
                ...operation,
                status: status === 'default' ? 418 : Number(status),
                type,
                body,
              })),
        ),
      ),
    );
    expect(examples.length).toBeGreaterThan(40);
    for (const { method, path, status, type, body } of examples)
      expect(findViolation({ method, path: path.replaceAll(/\{\w+\}/g, '1'), status, type, body })).toBe(
        'none',
      );
  });

  it.each([
    ['a field too many', { body: { database_sql: true, status: 200, more: 1 } }, '"more"'],
    ['a missing field', { body: { status: 200 } }, "required property 'database_sql'"],
    ['another type', { body: { database_sql: 'yes', status: 200 } }, '/database_sql must be boolean'],
    ['a value that is not listed', { body: { database_sql: true, status: 201 } }, '[200,503]'],
    ['another content type', { type: 'text/html' }, 'text/html instead of application/json'],
    ['no content type', { type: null }, 'content type is missing'],
    ['a body that is not JSON', { content: '<html>' }, 'not JSON'],
    ['a status that is not promised', { status: 204, content: '' }, 'answers with 200, 400, 503, default'],
    ['a redirect', { status: 302, content: '' }, 'answers with 200, 400, 503, default'],
    ['another failure than promised', { status: 418, body: { message: 'x' } }, "required property 'status'"],
    [
      'a success of nothing that the contract has',
      { path: '/api/v3_0/more', body: {} },
      'What the contract does not know must fail',
    ],
    [
      'a field too many in one of several parts',
      {
        path: '/api/v3_0/accounts/1',
        body: { account_roles: [], id: 1, name: 'x', status: 200, secret: 1 },
      },
      '"secret"',
    ],
    [
      'attributes that are not JSON',
      {
        path: '/api/v3_0/assets',
        body: [
          {
            account_id: 1,
            attributes: '{',
            generic_asset_type_id: 1,
            id: 1,
            latitude: null,
            longitude: null,
            name: 'x',
          },
        ],
      },
      'must be the text of JSON',
    ],
    [
      'a header of another type',
      {
        path: '/api/v3_0/assets',
        body: [],
        header: (name: string) => (name === 'X-Total-Count' ? 'many' : 'application/json'),
      },
      'X-Total-Count is no integer',
    ],
    [
      'a body where there must be none',
      { method: 'DELETE', path: '/api/v3_0/assets/1', status: 204 },
      'must be no body',
    ],
  ])('refuses %s', (_what, change, reason) => {
    expect(findViolation(change)).toContain(reason);
  });

  it('does not check requests outside the API', () => {
    expect(findViolation({ path: '/', content: '<html>', type: 'text/html' })).toBe('none');
    expect(findViolation({ path: '/apiary', content: '<html>', type: 'text/html' })).toBe('none');
  });
});
