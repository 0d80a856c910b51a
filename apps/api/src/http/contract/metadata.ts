import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import type * as swaggerPackage from '@nestjs/swagger';

type Swagger = typeof swaggerPackage;
type Decorator = (...place: unknown[]) => void;

/** Calls of decorators of @nestjs/swagger, in their order. */
const calls: ((swagger: Swagger) => void)[] = [];

/**
 * Makes the noted calls of decorators, so that @nestjs/swagger can build the document of what is served. Only tests do so, to
 * compare it with the contract. A server does not load the package, which takes a quarter of its start.
 */
export function applyContractMetadata(swagger: Swagger): void {
  for (const call of calls.splice(0)) call(swagger);
}

/** A decorator of @nestjs/swagger, whose calls are noted. */
function noted<Name extends keyof Swagger & `Api${string}`>(name: Name) {
  return (...given: Parameters<Swagger[Name]>) =>
    (...place: unknown[]): void => {
      calls.push((swagger) => (swagger[name] as (...given: unknown[]) => Decorator)(...given)(...place));
    };
}

export const ApiBody = noted('ApiBody');
export const ApiExcludeController = noted('ApiExcludeController');
export const ApiExtension = noted('ApiExtension');
export const ApiExtraModels = noted('ApiExtraModels');
export const ApiHeader = noted('ApiHeader');
export const ApiOperation = noted('ApiOperation');
export const ApiParam = noted('ApiParam');
export const ApiProperty = noted('ApiProperty');
export const ApiQuery = noted('ApiQuery');
export const ApiResponse = noted('ApiResponse');

/** Metadata key of the media types that a route reads besides JSON. */
export const CONSUMES = 'contract:consumes';

const noteConsumed = noted('ApiConsumes');

/** Names the media types that a route reads. */
export const ApiConsumes = (...types: string[]): MethodDecorator =>
  applyDecorators(SetMetadata(CONSUMES, types), noteConsumed(...types));

/** The reference to the schema of a class. */
export const schemaOf = ({ name }: Type): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/** A class with the fields of another one, none of which is required. Not for input, since it has no rules. */
export function partOf<Whole extends object>(whole: Type<Whole>): Type<Partial<Whole>> {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- its fields are known to the type checker and to tests
  class Part {}
  calls.push(({ PartialType }) => {
    const { prototype } = PartialType(whole) as { prototype: object };
    Object.setPrototypeOf(Part.prototype, prototype);
  });
  return Part;
}
