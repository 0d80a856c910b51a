import {
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Validate,
  ValidateIf,
  type ValidatorConstraintInterface,
  ValidatorConstraint,
  type ValidationArguments,
} from 'class-validator';

/** A latitude or longitude in degrees, within the limit given as constraint. */
@ValidatorConstraint({ name: 'degrees' })
class Degrees implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    return typeof value === 'number' && Math.abs(value) <= (constraints[0] as number);
  }

  defaultMessage({ value, property, constraints }: ValidationArguments): string {
    if (typeof value !== 'number') return 'Not a valid number.';
    const name = property.charAt(0).toUpperCase() + property.slice(1);
    const [side, limit] =
      value > 0 ? ['maximum', constraints[0] as number] : ['minimum', -(constraints[0] as number)];
    return `${name} ${value} exceeds the ${side} ${property} of ${limit} degrees.`;
  }
}

/** Attributes travel as the text of a JSON object. */
@ValidatorConstraint({ name: 'jsonObjectText' })
class JsonObjectText implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (typeof value !== 'string') return false;
    try {
      const parsed: unknown = JSON.parse(value);
      return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    } catch {
      return false;
    }
  }

  defaultMessage(): string {
    return 'Not a valid JSON string.';
  }
}

const NOT_A_STRING = { message: 'Not a valid string.' };
const NOT_AN_INTEGER = { message: 'Not a valid integer.' };
const isPresent = (_object: unknown, value: unknown): boolean => value !== undefined;

/** What can be changed of an asset. */
export class AssetPatch {
  @ValidateIf(isPresent)
  @IsString(NOT_A_STRING)
  @MaxLength(80, { message: 'Longer than maximum length 80.' })
  name?: string;

  @IsOptional()
  @Validate(Degrees, [90])
  latitude?: number | null;

  @IsOptional()
  @Validate(Degrees, [180])
  longitude?: number | null;

  @ValidateIf(isPresent)
  @IsInt(NOT_AN_INTEGER)
  generic_asset_type_id?: number;

  @ValidateIf(isPresent)
  @Validate(JsonObjectText)
  attributes?: string;
}

/** A new asset. */
export class AssetPost {
  @IsString(NOT_A_STRING)
  @MaxLength(80, { message: 'Longer than maximum length 80.' })
  name!: string;

  @IsOptional()
  @Validate(Degrees, [90])
  latitude?: number | null;

  @IsOptional()
  @Validate(Degrees, [180])
  longitude?: number | null;

  @IsInt(NOT_AN_INTEGER)
  generic_asset_type_id!: number;

  @IsInt(NOT_AN_INTEGER)
  account_id!: number;

  @ValidateIf(isPresent)
  @Validate(JsonObjectText)
  attributes?: string;
}
