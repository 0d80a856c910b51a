import { Controller, Get } from '@nestjs/common';
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
    'These versions of the API are served. A POST request to /api/requestAuthToken gives an authentication token.',
  versions: ['v3_0'],
  flexmeasures_version: '0.12.1',
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
