import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Transactions } from '#lib/database';
import { Field } from '../../http/schema/field';
import { flag, schemaOnly } from '../../http/schema/kinds';
import { Operation } from '../../http/schema/operation';

/** Health of the server and its database. */
export class Health {
  @Field(flag())
  database_sql!: boolean;

  @Field(schemaOnly({ type: 'integer', enum: [200, 503] }))
  status!: number;
}

/** A database that does not answer within this time counts as unavailable. */
const DATABASE_TIMEOUT_MS = 3000;

/** Readiness check for load balancers. */
@Controller('api/v3_0/health')
export class HealthController {
  constructor(private readonly database: Transactions) {}

  @Get('ready')
  @Operation('getHealthReady', {
    answer: Health,
    errorBodies: { 503: Health },
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
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, DATABASE_TIMEOUT_MS, false);
    });
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  }
}
