import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { SchemaState } from '#lib/database';
import { Field } from '../../http/schema/field';
import { flag, shown, text } from '../../http/schema/kinds';
import { Operation } from '../../http/schema/operation';

/** What the server needs for its work, and whether that is there. */
export class Health {
  @Field(flag())
  database_sql!: boolean;

  @Field(text(), { optional: true })
  message?: string;

  @Field(shown({ type: 'integer', enum: [200, 503] }))
  status!: number;
}

/** A database that has not answered by then is not there for our clients. */
const ANSWER_WITHIN_MS = 3000;

const DOWN = { isUp: false, problem: 'The database cannot be reached.' };

/** Tells load balancers whether this process can serve. */
@Controller('api/v3_0/health')
export class HealthController {
  constructor(private readonly schema: SchemaState) {}

  @Get('ready')
  @Operation('getHealthReady', {
    answer: Health,
    failures: { 503: Health },
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
    const late = new Promise<typeof DOWN>((resolve) => {
      timer = setTimeout(resolve, ANSWER_WITHIN_MS, DOWN);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }
}
