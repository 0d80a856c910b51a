import { Controller, Get } from '@nestjs/common';
import { Public } from './auth/public';

/** Tells which versions of the API are served. */
@Controller('api')
export class VersionsController {
  @Get()
  @Public()
  versions() {
    return {
      message:
        'These versions of the API are served. A POST request to /api/requestAuthToken gives an authentication token.',
      versions: ['v3_0'],
      flexmeasures_version: '0.12.1',
      status: 200,
    };
  }
}
