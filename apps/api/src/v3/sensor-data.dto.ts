import { IsDefined, IsIn, IsNumberString, IsOptional, IsString } from 'class-validator';
import { IsDuration, IsInstant, IsSensorReference } from './field-rules';

const NOT_A_STRING = { message: 'Not a valid string.' };

/** Values of a sensor over an interval. */
export class SensorDataPost {
  @IsSensorReference()
  sensor!: string | number;

  /** One number or a list; null where a value is unknown. */
  @IsDefined()
  values!: unknown;

  @IsInstant()
  start!: string;

  @IsDuration()
  duration!: string;

  @IsString(NOT_A_STRING)
  unit!: string;

  @IsOptional()
  @IsInstant()
  prior?: string;

  @IsOptional()
  @IsDuration()
  horizon?: string;

  @IsOptional()
  @IsIn(
    [
      'PostSensorDataRequest',
      'PostMeterDataRequest',
      'PostPrognosisRequest',
      'PostPriceDataRequest',
      'PostWeatherDataRequest',
    ],
    {
      message:
        'Must be one of: PostSensorDataRequest, PostMeterDataRequest, PostPrognosisRequest, PostPriceDataRequest, PostWeatherDataRequest.',
    },
  )
  type?: string;
}

/** A window of a sensor's data. */
export class SensorDataQuery {
  @IsSensorReference()
  sensor!: string;

  @IsInstant()
  start!: string;

  @IsDuration()
  duration!: string;

  @IsOptional()
  @IsString(NOT_A_STRING)
  unit?: string;

  @IsOptional()
  @IsDuration()
  resolution?: string;

  @IsOptional()
  @IsInstant()
  prior?: string;

  @IsOptional()
  @IsDuration()
  horizon?: string;

  @IsOptional()
  @IsNumberString({ no_symbols: true }, { message: 'Not a valid integer.' })
  source?: string;

  @IsOptional()
  @IsIn(['GetSensorDataRequest', 'GetMeterDataRequest', 'GetPrognosisRequest', 'GetPriceDataRequest'], {
    message:
      'Must be one of: GetSensorDataRequest, GetMeterDataRequest, GetPrognosisRequest, GetPriceDataRequest.',
  })
  type?: string;

  @IsOptional()
  @IsString(NOT_A_STRING)
  auth_token?: string;
}
