import { Controller, Get, Inject } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { OLD_API_VERSIONS } from '#lib/config/model';
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

const MESSAGE =
  'For these API versions endpoints are available. An authentication token can be requested at: /api/requestAuthToken. ' +
  'For a list of services, see https://flexmeasures.readthedocs.io';

/** Lists the versions of the API. */
@Controller('api')
export class VersionsController {
  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'sunsetApiVersions'>) {}

  @Get()
  @Operation('getVersions', { answer: Versions, isPublic: true, usesDatabase: false })
  versions(): Versions {
    const old = OLD_API_VERSIONS.filter((version) => !this.settings.sunsetApiVersions.includes(version));
    return {
      message: MESSAGE,
      versions: [...old, API_VERSION],
      flexmeasures_version: REFERENCE_VERSION,
      status: 200,
    };
  }
}
