import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { Transactions } from '#lib/database';
import { Public } from './auth/public';

interface StatusResponse {
  status: (code: number) => unknown;
}

/** Tells load balancers whether this process can serve. */
@Public()
@Controller('api/v3_0/health')
export class HealthController {
  constructor(private readonly database: Transactions) {}

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: StatusResponse) {
    const isUp = await this.database.query('SELECT 1').then(
      () => true,
      () => false,
    );
    const status = isUp ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    response.status(status);
    return { database_sql: isUp, status };
  }
}
