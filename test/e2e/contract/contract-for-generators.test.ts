import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Part = Record<string, unknown>;

const DOCUMENT = JSON.parse(
  readFileSync(join(__dirname, '..', '..', '..', 'openapi', 'generated', 'openapi.json'), 'utf8'),
) as Part & {
  components: { schemas: Record<string, Part & { required?: string[]; properties?: Record<string, Part> }> };
};

/** All objects of the document, by path. */
function* partsOf(value: unknown, path = '#'): Generator<[path: string, part: Part]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Part];
  for (const [key, inner] of Object.entries(value)) yield* partsOf(inner, `${path}/${key}`);
}

const pathsWhere = (isFound: (part: Part) => boolean): string[] =>
  [...partsOf(DOCUMENT)].filter(([, part]) => isFound(part)).map(([path]) => path);

describe('The contract, for generators of clients,', () => {
  it('has no $ref beside other keys', () => {
    expect(pathsWhere((part) => typeof part['$ref'] === 'string')).not.toEqual([]);
    expect(pathsWhere((part) => typeof part['$ref'] === 'string' && Object.keys(part).length > 1)).toEqual(
      [],
    );
  });

  it('requires no field that has a default', () => {
    const required = Object.entries(DOCUMENT.components.schemas).flatMap(([name, schema]) =>
      (schema.required ?? [])
        .filter((field) => schema.properties?.[field]?.['default'] !== undefined)
        .map((field) => `${name}.${field}`),
    );
    expect(required).toEqual([]);
  });

  it('closes flex-models and flex-contexts, except those of custom schedulers', () => {
    const { FlexModel, SiteFlexModel, FlexContext, CustomSchedulePost } = DOCUMENT.components.schemas;
    for (const schema of [FlexModel, SiteFlexModel, FlexContext]) {
      expect(schema).toMatchObject({ additionalProperties: false });
    }
    expect(CustomSchedulePost!.properties!['flex-model']).toMatchObject({ additionalProperties: true });
  });

  it('has an operation that takes nothing but files', () => {
    const upload = [...partsOf(DOCUMENT)].find(([, { operationId }]) => operationId === 'uploadDataOfSensor');
    const { content } = upload![1]['requestBody'] as { content: Part };
    expect(Object.keys(content)).toEqual(['multipart/form-data']);
  });
});
