import { Field } from '../contract/field';
import { choice, nullable, shown, text } from '../contract/kinds';

/** What one term of a site's contract costs, or breaking one limit. */
export const COMMITMENT_COST = {
  type: 'object',
  additionalProperties: false,
  required: ['commitment', 'cost'],
  properties: {
    commitment: { type: 'string' },
    sensor: { type: 'integer' },
    cost: { type: 'number' },
  },
} as const;

/** What a schedule's job stored. */
const JOB_RESULT = {
  type: 'object',
  additionalProperties: true,
  properties: {
    sensor: { type: 'integer' },
    asset: { type: 'integer' },
    sensors: { type: 'array', items: { type: 'integer' } },
    start: { type: 'string', format: 'date-time' },
    steps: { type: 'integer' },
    resolution: { type: 'string', format: 'duration' },
    belief_time: { type: 'string', format: 'date-time' },
    source: { type: 'integer' },
    cost: { type: 'number' },
    currency: { type: 'string' },
    commitments: { type: 'array', items: COMMITMENT_COST },
    gap: { type: 'number', nullable: true },
    fallback_reason: { type: 'string', nullable: true },
    warnings: { type: 'array', items: { type: 'string' } },
  },
} as const;

const moment = shown({ type: 'string', format: 'date-time' });

/** Work that was asked for, and how far it is. */
export class Job {
  @Field(shown({ type: 'integer', enum: [200] }))
  status!: 200;

  @Field(shown({ type: 'string', format: 'uuid' }))
  id!: string;

  @Field(text())
  queue!: string;

  @Field(choice('queued', 'started', 'finished', 'failed'))
  state!: string;

  @Field(nullable(text()))
  failure_reason!: string | null;

  @Field(shown({ oneOf: [JOB_RESULT, { type: 'null' }] }))
  result!: unknown;

  @Field(moment)
  created_at!: string;

  @Field(nullable(moment))
  started_at!: string | null;

  @Field(nullable(moment))
  ended_at!: string | null;
}
