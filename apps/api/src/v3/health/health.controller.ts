import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SchemaState } from '#lib/database';
import { Field } from '../../http/schema/field';
import { flag, schemaOnly, text } from '../../http/schema/kinds';
import { Operation } from '../../http/schema/operation';

/** Health of the server and its database. */
export class Health {
  @Field(flag())
  database_sql!: boolean;

  @Field(text(), { optional: true })
  message?: string;

  @Field(schemaOnly({ type: 'integer', enum: [200, 503] }))
  status!: number;
}

/** A database that does not answer within this time counts as unavailable. */
const DATABASE_TIMEOUT_MS = 3000;

const DOWN = { isUp: false, problem: 'The database cannot be reached.' };

/** Readiness check for load balancers. */
@Controller('api/v3_0/health')
export class HealthController {
  constructor(private readonly schema: SchemaState) {}

  @Get('ready')
  @Operation('getHealthReady', {
    answer: Health,
    errorBodies: { 503: Health },
    isPublic: true,
    usesDatabase: false,
  })
  async ready(@Res({ passthrough: true }) response: Response): Promise<Health> {
    const { isUp, problem: message } = await this.databaseState();
    const status = message === undefined ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    response.status(status);
    return { database_sql: isUp, message, status };
  }

  private async databaseState(): Promise<{ isUp: boolean; problem?: string }> {
    const answer = this.schema.findProblem().then(
      (problem) => ({ isUp: true, problem }),
      () => DOWN,
    );
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof DOWN>((resolve) => {
      timer = setTimeout(resolve, DATABASE_TIMEOUT_MS, DOWN);
    });
    return Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
  }
}
