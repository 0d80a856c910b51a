import { Field } from '../../http/schema/field';
import { choice, nullable, schemaOnly, text } from '../../http/schema/kinds';

/** The cost of one commitment. */
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

const LIMIT = {
  type: 'object',
  additionalProperties: false,
  required: ['constraint'],
  properties: {
    constraint: { type: 'string' },
    sensor: { type: 'integer' },
    value: { type: 'number' },
  },
} as const;

/** A constraint that cannot be met, with the limits that prevent it. */
const CONFLICT = {
  type: 'object',
  additionalProperties: false,
  required: [
    'message',
    'kind',
    'constraint',
    'from',
    'at',
    'until',
    'unit',
    'wanted',
    'possible',
    'needed',
    'available',
    'limited_by',
  ],
  properties: {
    message: { type: 'string' },
    kind: { type: 'string', enum: ['energy', 'bounds', 'power', 'time'] },
    constraint: { type: 'string' },
    sensor: { type: 'integer' },
    from: { type: 'string', format: 'date-time' },
    at: { type: 'string', format: 'date-time' },
    until: { type: 'string', format: 'date-time' },
    unit: { type: 'string', enum: ['MWh', 'MW', 'h'] },
    wanted: { type: 'number' },
    possible: { type: 'number' },
    needed: { type: 'number' },
    available: { type: 'number' },
    limited_by: { type: 'array', items: LIMIT },
  },
} as const;

/** Limits of an asset by field, with the moments at which they are exceeded, or the smallest margin. */
const LIMITS_OF_ASSET = {
  type: 'object',
  required: ['asset'],
  properties: { asset: { type: 'integer' } },
  additionalProperties: true,
} as const;

const STORAGE_KPIS = {
  type: 'object',
  additionalProperties: false,
  required: ['sensor', 'charged_in_mwh', 'discharged_in_mwh', 'full_cycles'],
  properties: {
    sensor: { type: 'integer' },
    charged_in_mwh: { type: 'number' },
    discharged_in_mwh: { type: 'number' },
    full_cycles: { type: 'number', nullable: true },
  },
} as const;

/** Key figures of a schedule. */
export const KPIS = {
  type: 'object',
  additionalProperties: false,
  required: [
    'consumed_in_mwh',
    'produced_in_mwh',
    'peak_consumption_in_mw',
    'peak_production_in_mw',
    'self_consumption',
    'storages',
  ],
  properties: {
    consumed_in_mwh: { type: 'number' },
    produced_in_mwh: { type: 'number' },
    peak_consumption_in_mw: { type: 'number' },
    peak_production_in_mw: { type: 'number' },
    self_consumption: { type: 'number', nullable: true },
    storages: { type: 'array', items: STORAGE_KPIS },
  },
} as const;

/** What would happen without a schedule. */
const WITHOUT_FLEXIBILITY = {
  type: 'object',
  additionalProperties: false,
  required: ['cost', 'kpis'],
  properties: { cost: { type: 'number' }, kpis: KPIS },
} as const;

/** What a schedule costs and does, and what it does not keep. */
export const OUTCOME = {
  cost: { type: 'number', nullable: true },
  currency: { type: 'string', nullable: true },
  commitments: { type: 'array', items: COMMITMENT_COST },
  gap: { type: 'number', nullable: true },
  fallback_reason: { type: 'string', nullable: true },
  conflicts: { type: 'array', items: CONFLICT },
  unresolved: { type: 'array', items: LIMITS_OF_ASSET },
  resolved: { type: 'array', items: LIMITS_OF_ASSET },
  kpis: { oneOf: [KPIS, { type: 'null' }] },
  without_flexibility: { oneOf: [WITHOUT_FLEXIBILITY, { type: 'null' }] },
  warnings: { type: 'array', items: { type: 'string' } },
  remarks: { type: 'array', items: { type: 'string' } },
} as const;

/** The result of a schedule job. */
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
    ...OUTCOME,
  },
} as const;

const dateTime = schemaOnly({ type: 'string', format: 'date-time' });

/** A job with its state. */
export class Job {
  @Field(choice('QUEUED', 'STARTED', 'FINISHED', 'FAILED'))
  status!: string;

  @Field(text())
  message!: string;

  @Field(schemaOnly({ type: 'string', format: 'uuid' }))
  id!: string;

  @Field(text())
  queue!: string;

  @Field(choice('queued', 'started', 'finished', 'failed'))
  state!: string;

  @Field(nullable(text()))
  failure_reason!: string | null;

  @Field(schemaOnly({ oneOf: [JOB_RESULT, { type: 'null' }] }))
  result!: unknown;

  @Field(dateTime)
  created_at!: string;

  @Field(dateTime)
  deadline!: string;

  @Field(nullable(dateTime))
  started_at!: string | null;

  @Field(nullable(dateTime))
  ended_at!: string | null;

  @Field(text())
  origin!: string;

  @Field(text())
  func_name!: string;

  @Field(text())
  'func-name'!: string;

  @Field(dateTime)
  enqueued_at!: string;

  @Field(dateTime)
  'enqueued-at'!: string;

  @Field(nullable(dateTime))
  'started-at'!: string | null;

  @Field(nullable(dateTime))
  'ended-at'!: string | null;

  @Field(nullable(text()))
  exc_info!: string | null;

  @Field(nullable(text()))
  'exc-info'!: string | null;
}
