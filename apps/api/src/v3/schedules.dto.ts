import { IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { IsDuration, IsInstant, IsQuantity } from './field-rules';

const NOT_AN_INTEGER = { message: 'Not a valid integer.' };

export class SocTarget {
  @IsQuantity()
  value!: string | number;

  @IsInstant()
  datetime!: string;
}

/** State and limits of a storage device; also accepted at the top level of a trigger, where it is deprecated. */
export class StorageFields {
  @IsOptional()
  @IsQuantity()
  'soc-at-start'?: string | number;

  @IsOptional()
  @IsIn(['kWh', 'MWh'], { message: 'Must be one of: kWh, MWh.' })
  'soc-unit'?: string;

  @IsOptional()
  @IsQuantity()
  'soc-min'?: string | number;

  @IsOptional()
  @IsQuantity()
  'soc-max'?: string | number;

  @IsOptional()
  @IsArray({ message: 'Not a valid list.' })
  @ValidateNested({ each: true })
  @Type(() => SocTarget)
  'soc-targets'?: SocTarget[];

  @IsOptional()
  @IsQuantity()
  'roundtrip-efficiency'?: string | number;

  @IsOptional()
  @IsBoolean({ message: 'Not a valid boolean.' })
  'prefer-charging-sooner'?: boolean;
}

/** The site of the device; price sensors are also accepted at the top level of a trigger, where they are deprecated. */
export class FlexContextFields {
  @IsOptional()
  @IsInt(NOT_AN_INTEGER)
  'consumption-price-sensor'?: number;

  @IsOptional()
  @IsInt(NOT_AN_INTEGER)
  'production-price-sensor'?: number;

  @IsOptional()
  @IsInt({ each: true, ...NOT_AN_INTEGER })
  'inflexible-device-sensors'?: number[];
}

/** A schedule to be made. */
export class SchedulePost extends IntersectionType(StorageFields, FlexContextFields) {
  @IsInstant()
  start!: string;

  @IsOptional()
  @IsDuration()
  duration?: string;

  @IsOptional()
  @IsInstant()
  prior?: string;

  @IsOptional()
  @IsObject({ message: 'Not a valid mapping.' })
  @ValidateNested()
  @Type(() => StorageFields)
  'flex-model'?: StorageFields;

  @IsOptional()
  @IsObject({ message: 'Not a valid mapping.' })
  @ValidateNested()
  @Type(() => FlexContextFields)
  'flex-context'?: FlexContextFields;
}

export class ScheduleQuery {
  @IsOptional()
  @IsDuration()
  duration?: string;

  @IsOptional()
  @IsString()
  auth_token?: string;
}
