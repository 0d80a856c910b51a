import { Injectable } from '@nestjs/common';
import { ApiUsageService } from '#lib/api-usage';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { DeprecationWarnings } from '../../http/headers/deprecation-warnings';

/** A request that a user sent to an old version. */
export interface LegacyUse {
  version: string;
  /** Method and path of the route, such as `GET /api/v2_0/asset/:id`. */
  endpoint: string;
  user: Pick<ApiUser, 'id' | 'device'>;
}

/** Counts the use of old versions, and warns about it. */
@Injectable()
export class LegacyUsage {
  constructor(
    private readonly usage: ApiUsageService,
    private readonly warnings: DeprecationWarnings,
  ) {}

  /** Records a request of an authenticated user. */
  record({ version, endpoint, user }: LegacyUse): void {
    this.usage.count(version, user.id);
    this.warnings.warn(`A deprecated version of the API is used: version=${version}`, endpoint, user);
  }
}
