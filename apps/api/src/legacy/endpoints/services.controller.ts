import { Get, Query, type Type } from '@nestjs/common';
import { Public } from '../../http/auth/authentication/public';
import type { VersionRules } from '../exchange/version-rules';
import { invalidRole } from '../messages/rejections';
import { answerTo, LegacyController } from './legacy-endpoint';

/** A service of a version. */
export interface ListedService {
  name: string;
  /** Roles of USEF that use it; for information only. */
  access: readonly string[];
  description: string;
}

/** The list of the services of a version. */
export function servicesController(rules: VersionRules, services: readonly ListedService[]): Type {
  @LegacyController(rules)
  class ServicesController {
    @Get('getService')
    @Public()
    get(@Query('access') role: unknown) {
      const listed =
        typeof role === 'string' && role !== ''
          ? services.filter(({ access }) => access.includes(role))
          : services;
      if (listed.length === 0) throw invalidRole(String(role));
      return answerTo('GetService', {
        version: rules.number,
        services: listed,
        status: 'PROCESSED',
        message: 'Request has been processed.',
      });
    }
  }
  return ServicesController;
}
