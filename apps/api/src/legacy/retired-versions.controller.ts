import { All, Controller, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '../http/auth/authentication/public';
import { IgnoresBody } from '../http/bodies/body-limits';
import { rejected } from '../http/errors/api-error';
import { Deprecated } from '../http/headers/deprecation';

const RETIRED = ['v1', 'v1_0', 'v1_1', 'v1_2', 'v1_3', 'v2_0'];

/** Answers requests to versions before 3.0 with 410 and a link to the current version. */
@Public()
@Deprecated({
  deprecated: 'Wed, 14 Dec 2022 00:00:00 GMT',
  sunset: 'Wed, 01 Feb 2023 00:00:00 GMT',
  link: 'https://flexmeasures.readthedocs.io/en/latest/api/introduction.html#deprecation-and-sunset',
  successor: '/api/v3_0',
})
@ApiExcludeController()
@Controller('api')
export class RetiredVersionsController {
  /** @throws ApiError 410 */
  @IgnoresBody()
  @All(RETIRED.map((version) => `${version}{/*path}`))
  refuse(@Req() { path }: Request): never {
    const version = (path.split('/')[2] ?? '').replace('v', '').replace('_', '.');
    throw rejected(
      410,
      'GONE',
      `Version ${version} of the API is no longer available. Use version 3.0 at /api/v3_0; see /docs.`,
    );
  }
}
