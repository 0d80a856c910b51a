import 'reflect-metadata';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import * as swagger from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { validate } from 'class-validator';
import { applyContractMetadata } from '../contract/metadata';
import { Field, kindOf, ListField } from './field';
import { integer, list, text } from './kinds';

class Part {
  @Field(integer({ minimum: 1 }))
  size!: number;
}

const name = text({ maxLength: 5 });

class Thing {
  @Field(name)
  name!: string;

  @Field(integer(), { optional: true, nullable: true })
  owner?: number | null;

  @Field(text(), { default: 'x', deprecated: true })
  word?: string;

  @Field(list(integer()), { optional: true })
  numbers?: number[];

  @Field(() => Part, { optional: true })
  part?: Part;

  @ListField(() => Part)
  parts!: Part[];
}

@Controller('things')
class ThingsController {
  @Post()
  create(@Body() thing: Thing): Thing {
    return thing;
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

async function served(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(ThingsModule, { logger: false });
  try {
    applyContractMetadata(swagger);
    return SwaggerModule.createDocument(app, new DocumentBuilder().build());
  } finally {
    await app.close();
  }
}

const thing = (fields: Partial<Record<keyof Thing, unknown>>): Thing =>
  Object.assign(new Thing(), { name: 'x', parts: [], ...fields });
const badFields = async (fields: Parameters<typeof thing>[0]): Promise<string[]> =>
  (await validate(thing(fields))).map(({ property }) => property);

describe('Field', () => {
  it('declares the validated schema in the OpenAPI document', async () => {
    const { components } = await served();
    expect(components?.schemas?.['Thing']).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 5 },
        owner: { type: 'integer', nullable: true },
        word: { type: 'string', default: 'x', deprecated: true },
        numbers: { type: 'array', items: { type: 'integer' } },
        part: { $ref: '#/components/schemas/Part' },
        parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
      },
      required: ['name', 'parts'],
    });
  });

  it('accepts valid values, and optional fields that are missing', async () => {
    expect(await badFields({})).toEqual([]);
    expect(await badFields({ owner: null, word: 'y', numbers: [1] })).toEqual([]);
    const part = Object.assign(new Part(), { size: 1 });
    expect(await badFields({ part, parts: [part, part] })).toEqual([]);
  });

  it.each<[keyof Thing, unknown]>([
    ['name', undefined],
    ['name', null],
    ['name', 'longer'],
    ['owner', 'x'],
    ['word', null],
    ['numbers', [1, 'x']],
    ['part', 1],
    ['part', null],
    ['part', Object.assign(new Part(), { size: 0 })],
    ['parts', undefined],
    ['parts', {}],
    ['parts', [Object.assign(new Part(), { size: 0 })]],
  ])('rejects the field %s with the value %j', async (field, value) => {
    expect(await badFields({ [field]: value })).toEqual([field]);
  });

  it('stores the kind of a field for kindOf', () => {
    expect(kindOf(Thing.prototype, 'name')).toBe(name);
    expect(kindOf(Thing.prototype, 'parts')).toBeUndefined();
  });
});
