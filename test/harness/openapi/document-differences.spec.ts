import { documentDifferences } from './document-differences';

/** A document with one operation of each kind of content. */
const contract = () => ({
  security: [{ token: [] }],
  paths: {
    '/things/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      patch: {
        operationId: 'updateThing',
        tags: ['Thing'],
        description: 'Changes a thing.',
        parameters: [{ name: 'page', in: 'query', schema: { type: 'integer', minimum: 1 } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Patch' } } } },
        responses: {
          '200': {
            description: 'The thing.',
            headers: { Link: { schema: { type: 'string' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Answer' } } },
          },
          '404': { $ref: '#/components/responses/NotFound' },
        },
      },
      get: { operationId: 'getThing', security: [], responses: { '204': {} } },
    },
  },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'integer' } } },
    responses: { NotFound: { content: { 'application/json': { schema: { type: 'string' } } } } },
    schemas: {
      Thing: {
        type: 'object',
        required: ['name', 'place'],
        properties: {
          name: { type: 'string', maxLength: 80, example: 'x' },
          kind: { type: 'string', enum: ['a', 'b'] },
          size: { type: ['number', 'null'], default: null },
          place: { type: 'object', required: ['x'], properties: { x: { type: 'number' } } },
          parts: { type: 'array', minItems: 1, items: { type: 'string', format: 'uuid' } },
          amount: { oneOf: [{ type: 'number' }, { type: 'string' }] },
        },
      },
      Ok: { type: 'object', required: ['status'], properties: { status: { type: 'integer' } } },
      Answer: { allOf: [{ $ref: '#/components/schemas/Thing' }, { $ref: '#/components/schemas/Ok' }] },
      Patch: { type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } },
    },
  },
});

type Document = ReturnType<typeof contract>;

function differencesAfter(change: (served: Document) => unknown): string[] {
  const served = contract();
  change(served);
  return documentDifferences(contract(), served);
}

const patch = ({ paths }: Document) => paths['/things/{id}'].patch;
const thing = ({ components }: Document) => components.schemas.Thing;
const BODY = 'PATCH /things/{id} > responses > 200 > application/json';

describe('documentDifferences', () => {
  it('finds none between a document and itself', () => {
    expect(differencesAfter(() => undefined)).toEqual([]);
  });

  it.each<[string, (served: Document) => unknown, string]>([
    [
      'a path that is not served',
      (served) => Reflect.deleteProperty(served.paths, '/things/{id}'),
      'GET /things/{id}: in the contract, but not served',
    ],
    [
      'a path that the contract lacks',
      (served) => Object.assign(served.paths, { '/more': { get: { responses: {} } } }),
      'GET /more: served, but not in the contract',
    ],
    [
      'a method that is not served',
      (served) => Reflect.deleteProperty(served.paths['/things/{id}'], 'get'),
      'GET /things/{id}: in the contract, but not served',
    ],
    [
      'another operationId',
      (served) => (patch(served).operationId = 'changeThing'),
      'PATCH /things/{id} > operationId: the contract has "updateThing", served is "changeThing"',
    ],
    [
      'a parameter that is not served',
      (served) => (patch(served).parameters = []),
      'PATCH /things/{id} > parameters > query page: the contract has',
    ],
    [
      'a parameter that has another name',
      (served) => (patch(served).parameters[0]!.name = 'side'),
      'PATCH /things/{id} > parameters > query side: the contract has nothing',
    ],
    [
      'a parameter that must be there',
      (served) => Object.assign(patch(served).parameters[0]!, { required: true }),
      'parameters > query page > required: the contract has false, served is true',
    ],
    [
      'the range of a parameter',
      (served) => (patch(served).parameters[0]!.schema.minimum = 0),
      'parameters > query page > schema > minimum: the contract has 1, served is 0',
    ],
    [
      'a parameter that all methods of the path share',
      (served) => (served.components.parameters.Id.schema.type = 'string'),
      'parameters > path id > schema > type: the contract has ["integer"], served is ["string"]',
    ],
    [
      'a body that is not read',
      (served) => Reflect.deleteProperty(patch(served), 'requestBody'),
      'PATCH /things/{id} > body: the contract has',
    ],
    [
      'another media type',
      (served) =>
        Object.assign(patch(served).requestBody, { content: { 'text/csv': { schema: { type: 'string' } } } }),
      'PATCH /things/{id} > body > text/csv: the contract has nothing',
    ],
    [
      'an open body',
      (served) => (served.components.schemas.Patch.additionalProperties = true),
      'body > application/json > additionalProperties: the contract has false, served is true',
    ],
    [
      'a status that is not served',
      (served) => Reflect.deleteProperty(patch(served).responses, '404'),
      'PATCH /things/{id} > responses > 404: the contract has',
    ],
    [
      'a status that the contract lacks',
      (served) => Object.assign(patch(served).responses, { '418': {} }),
      'PATCH /things/{id} > responses > 418: the contract has nothing',
    ],
    [
      'a header',
      (served) => Object.assign(patch(served).responses['200'], { headers: {} }),
      'responses > 200 > headers > Link: the contract has',
    ],
    [
      'a field that is missing',
      (served) => Reflect.deleteProperty(thing(served).properties, 'kind'),
      `${BODY} > properties > kind: the contract has`,
    ],
    [
      'a field that is always there',
      (served) => thing(served).required.push('kind'),
      `${BODY} > required: the contract has ["name","place","status"], served is ["kind","name","place","status"]`,
    ],
    [
      'the type of a field',
      (served) => (thing(served).properties.name.type = 'integer'),
      `${BODY} > properties > name > type: the contract has ["string"], served is ["integer"]`,
    ],
    [
      'a limit of a field',
      (served) => (thing(served).properties.name.maxLength = 79),
      `${BODY} > properties > name > maxLength: the contract has 80, served is 79`,
    ],
    [
      'the choices of a field',
      (served) => thing(served).properties.kind.enum.push('c'),
      `${BODY} > properties > kind > enum: the contract has ["a","b"], served is ["a","b","c"]`,
    ],
    [
      'a field that cannot be null',
      (served) => (thing(served).properties.size.type = ['number']),
      `${BODY} > properties > size > type: the contract has ["null","number"], served is ["number"]`,
    ],
    [
      'a field of an object in an object',
      (served) => (thing(served).properties.place.properties.x.type = 'string'),
      `${BODY} > properties > place > properties > x > type: the contract has ["number"], served is ["string"]`,
    ],
    [
      'the format of what a list holds',
      (served) => (thing(served).properties.parts.items.format = 'uri'),
      `${BODY} > properties > parts > items > format: the contract has "uuid", served is "uri"`,
    ],
    [
      'one of several kinds of a field',
      (served) => thing(served).properties.amount.oneOf.pop(),
      `${BODY} > properties > amount > oneOf: the contract has`,
    ],
    [
      'security of all operations',
      (served) => (served.security = [{ token: [] }, { session: [] } as never]),
      'PATCH /things/{id} > security: the contract has ["token"], served is ["session","token"]',
    ],
    [
      'security of one operation',
      (served) => Reflect.deleteProperty(served.paths['/things/{id}'].get, 'security'),
      'GET /things/{id} > security: the contract has [], served is ["token"]',
    ],
  ])('finds %s', (_what, change, line) => {
    expect(differencesAfter(change)).toEqual(expect.arrayContaining([expect.stringContaining(line)]));
  });

  it.each<[string, (served: Document) => unknown]>([
    ['wording', (served) => Object.assign(patch(served), { description: 'Other words.', tags: [] })],
    ['examples', (served) => (thing(served).properties.name.example = 'y')],
    ['the order of fields', (served) => thing(served).required.reverse()],
    [
      'a schema in place instead of a reference',
      (served) =>
        Object.assign(patch(served).requestBody.content['application/json'], {
          schema: served.components.schemas.Patch,
        }),
    ],
    [
      'parts put together',
      (served) =>
        Object.assign(served.components.schemas, {
          Answer: {
            type: 'object',
            required: ['status', ...thing(served).required],
            properties: { ...thing(served).properties, status: { type: 'integer' } },
          },
        }),
    ],
    [
      'nullable for null among the types',
      (served) => Object.assign(thing(served).properties.size, { type: 'number', nullable: true }),
    ],
    ['a default of null', (served) => Reflect.deleteProperty(thing(served).properties.size, 'default')],
    [
      'a slash at the end of a path',
      (served) => {
        const { '/things/{id}': item } = served.paths;
        Object.assign(served, { paths: { '/things/{id}/': item } });
      },
    ],
  ])('takes %s for the same', (_what, change) => {
    expect(differencesAfter(change)).toEqual([]);
  });
});
