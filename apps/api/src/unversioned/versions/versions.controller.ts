import { Controller, Get } from '@nestjs/common';
import { API_VERSION, REFERENCE_VERSION } from '../../http/headers/api-versions';
import { Field } from '../../http/schema/field';
import { list, schemaOnly, text } from '../../http/schema/kinds';
import { Operation } from '../../http/schema/operation';

/** The versions of the server and of its API. */
export class Versions {
  @Field(text())
  flexmeasures_version!: string;

  @Field(text())
  message!: string;

  @Field(schemaOnly({ type: 'integer', enum: [200] }))
  status!: number;

  @Field(list(text()))
  versions!: string[];
}

const VERSIONS: Versions = {
  message:
    'These versions of the API are served; /api/v3_0 lists the services of one. A POST request to /api/requestAuthToken gives ' +
    'an authentication token.',
  versions: [API_VERSION],
  flexmeasures_version: REFERENCE_VERSION,
  status: 200,
};

/** Lists the versions of the API. */
@Controller('api')
export class VersionsController {
  @Get()
  @Operation('getVersions', { answer: Versions, isPublic: true, usesDatabase: false })
  versions(): Versions {
    return VERSIONS;
  }
}
