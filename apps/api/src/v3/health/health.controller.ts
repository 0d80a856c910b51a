import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Transactions } from '#lib/database';
import { Field } from '../../http/schema/field';
import { flag, shown } from '../../http/schema/kinds';
import { Operation } from '../../http/schema/operation';

/** What the server needs for its work, and whether that is there. */
export class Health {
  @Field(flag())
  database_sql!: boolean;

  @Field(shown({ type: 'integer', enum: [200, 503] }))
  status!: number;
}

/** A database that has not answered by then is not there for our clients. */
const ANSWER_WITHIN_MS = 3000;

/** Tells load balancers whether this process can serve. */
@Controller('api/v3_0/health')
export class HealthController {
  constructor(private readonly database: Transactions) {}

  @Get('ready')
  @Operation('getHealthReady', {
    answer: Health,
    failures: { 503: Health },
    isPublic: true,
    usesDatabase: false,
  })
  async ready(@Res({ passthrough: true }) response: Response): Promise<Health> {
    const isUp = await this.isDatabaseUp();
    const status = isUp ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    response.status(status);
    return { database_sql: isUp, status };
  }

  private async isDatabaseUp(): Promise<boolean> {
    const answer = this.database.query('SELECT 1').then(
      () => true,
      () => false,
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, ANSWER_WITHIN_MS, false);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }
}
