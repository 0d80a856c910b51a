import 'reflect-metadata';
import { ApiError } from '../errors/api-error';
import { Field, ListField } from './field';
import { choice, flag, integer, list, number, text } from './kinds';
import { validationPipe } from './validation';

class Part {
  @Field(number())
  value!: number;

  @Field(text(), { optional: true })
  unit_name?: string;
}

class Group {
  @Field(integer(), { optional: true })
  size?: number;

  @Field(integer(), { optional: true })
  inner_size?: number;
}

class Thing {
  @Field(text({ maxLength: 5 }))
  name!: string;

  @Field(integer(), { optional: true, nullable: true })
  account_id?: number | null;

  @Field(flag(), { default: true })
  active?: boolean;

  @Field(choice('a', 'b'), { optional: true })
  kind?: string;

  @Field(list(integer()), { optional: true })
  roles?: number[];

  @ListField(() => Part, { optional: true })
  parts?: Part[];

  @Field(() => Group, { optional: true })
  'flex-model'?: Group;

  @Field(() => Part, { optional: true })
  inner?: Part;
}

class Query {
  @Field(integer({ minimum: 1 }), { optional: true })
  page?: number;

  @Field(integer({ minimum: 1 }), { optional: true, also: ['account'] })
  account_id?: number;
}

const read = (value: unknown, type: new () => object = Thing): Promise<unknown> =>
  validationPipe(type === Query ? 'query' : 'json').transform(value, {
    type: type === Query ? 'query' : 'body',
    metatype: type,
  }) as Promise<unknown>;

async function rejectionOf(value: unknown, type?: new () => object): Promise<unknown> {
  const error: unknown = await read(value, type).catch((thrown: unknown) => thrown);
  if (!(error instanceof ApiError)) throw new Error('The value was not rejected.');
  expect(error.httpStatus).toBe(422);
  expect(error.body).toMatchObject({ result: 'Rejected', status: 'UNPROCESSABLE_ENTITY' });
  return error.body.message;
}

describe('validationPipe', () => {
  it('returns an instance of the class, with strings converted to numbers and booleans', async () => {
    const thing = await read({ name: 'x', account_id: '7', active: 'no', parts: [{ value: '1.5' }] });
    expect(thing).toBeInstanceOf(Thing);
    expect(thing).toEqual({ name: 'x', account_id: 7, active: false, parts: [{ value: 1.5 }] });
    expect((thing as Thing).parts![0]).toBeInstanceOf(Part);
    expect(await read({ name: 'x', account_id: null })).toEqual({ name: 'x', account_id: null });
  });

  it('ignores unknown parameters of a query, such as a token', async () => {
    expect(await read({ page: '2', auth_token: 'secret', ['__proto__']: 1 }, Query)).toEqual({ page: 2 });
  });

  it.each([{ account_id: '7' }, { 'account-id': '7' }, { account: '7' }, { account: '7', account_id: '7' }])(
    'takes %j for the same field',
    async (query) => {
      expect(await read(query, Query)).toEqual({ account_id: 7 });
    },
  );

  it('takes hyphens for underscores and the reverse, also in nested objects', async () => {
    expect(await read({ name: 'x', 'account-id': 7, flex_model: { 'inner-size': 2 } })).toEqual({
      name: 'x',
      account_id: 7,
      'flex-model': { inner_size: 2 },
    });
    expect(await read({ name: 'x', parts: [{ value: 1, 'unit-name': 'kW' }] })).toMatchObject({
      parts: [{ unit_name: 'kW' }],
    });
  });

  it('names invalid fields as they were sent', async () => {
    expect(await rejectionOf({ account: '0' }, Query)).toEqual({
      query: { account: ['Must be greater than or equal to 1.'] },
    });
    expect(await rejectionOf({ name: 'x', 'account-id': 'y' })).toEqual({
      json: { 'account-id': ['Not a valid integer.'] },
    });
  });

  it('rejects a field that is sent twice with different values', async () => {
    expect(await rejectionOf({ account: '1', account_id: '2' }, Query)).toEqual({
      query: { account_id: ['Differs from account, which is the same field. Send one of them.'] },
    });
    const parts = [{ value: 1, unit_name: 'kW', 'unit-name': 'MW' }];
    expect(await rejectionOf({ name: 'x', parts })).toEqual({
      json: {
        parts: {
          '0': { 'unit-name': ['Differs from unit_name, which is the same field. Send one of them.'] },
        },
      },
    });
  });

  it.each<[unknown, object]>([
    [{}, { name: ['Missing data for required field.'] }],
    [{ name: null }, { name: ['Field may not be null.'] }],
    [{ name: 'x', foo: 1 }, { foo: ['Unknown field.'] }],
    [{ name: 5 }, { name: ['Not a valid string.'] }],
    [{ name: 'too long' }, { name: ['Longer than maximum length 5.'] }],
    [
      { name: 'too long', kind: 'c' },
      { name: ['Longer than maximum length 5.'], kind: ['Must be one of: a, b.'] },
    ],
    [
      { name: 'x', roles: [1, 'y', 'z'] },
      { roles: { '1': ['Not a valid integer.'], '2': ['Not a valid integer.'] } },
    ],
    [{ name: 'x', roles: 1 }, { roles: ['Not a valid list.'] }],
    [
      { name: 'x', parts: [{ value: 1 }, {}] },
      { parts: { '1': { value: ['Missing data for required field.'] } } },
    ],
    [{ name: 'x', parts: {} }, { parts: ['Not a valid list.'] }],
    [{ name: 'x', inner: { value: 'y' } }, { 'inner.value': ['Not a valid number.'] }],
    [{ name: 'x', inner: 5 }, { inner: ['Not a valid mapping.'] }],
    [{ name: 'x', 'flex-model': { size: 'y' } }, { size: ['Not a valid integer.'] }],
  ])('rejects %j', async (value, reasons) => {
    expect(await rejectionOf(value)).toEqual({ json: reasons });
  });

  it('reports an invalid query parameter under "query"', async () => {
    expect(await rejectionOf({ page: '0' }, Query)).toEqual({
      query: { page: ['Must be greater than or equal to 1.'] },
    });
    expect(await rejectionOf({ page: ['1', '2'] }, Query)).toEqual({
      query: { page: ['Not a valid integer.'] },
    });
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'rejects a field called %s at any depth',
    async (name) => {
      const own = JSON.parse(`{"${name}": 1}`) as object;
      const unknown = ['Unknown field.'];
      const at = (field: string): object => ({ json: Object.fromEntries([[field, unknown]]) });
      const body = JSON.parse(`{"name": "x", "${name}": 1}`) as object;
      expect(await rejectionOf(body)).toEqual(at(name));
      expect(await rejectionOf({ name: 'x', inner: { value: 1, deep: own } })).toEqual(
        at(`inner.deep.${name}`),
      );
      const ofPart = JSON.parse(`{"parts": {"0": {"${name}": ["Unknown field."]}}}`) as object;
      expect(JSON.stringify(await rejectionOf({ name: 'x', parts: [own] }))).toBe(
        JSON.stringify({ json: ofPart }),
      );
      expect(await rejectionOf({ name: 'x', 'flex-model': own })).toEqual(at(name));
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );
});
