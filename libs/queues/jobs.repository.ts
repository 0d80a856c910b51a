import { Inject, Injectable } from '@nestjs/common';
import { COMMITS_WITHOUT_WAITING, PREPARED, shiftedNow, Transactions } from '#lib/database';
import { Events } from '#lib/events';
import { CLOCK, type Clock } from '#lib/time';
import { Job } from './job.entity';
import { JOB_STARTED, type JobEvent } from './jobs.events';
import { LEASE_MS, type JobState } from './model';

export type NewJob = Pick<
  Job,
  | 'id'
  | 'queue'
  | 'kind'
  | 'payload'
  | 'fingerprint'
  | 'generation'
  | 'accountId'
  | 'userId'
  | 'isLimited'
  | 'mergeKey'
>;

/** A job that a worker has claimed. */
export type ClaimedJob = Pick<Job, 'id' | 'queue' | 'kind' | 'payload' | 'attempts'>;

/** How long jobs of a kind took, in seconds. */
export interface JobDurations {
  kind: string;
  median: number;
  longest: number;
}

/** Which jobs are listed; what is not given does not matter. */
export interface JobFilter {
  kind?: string;
  state?: JobState;
  createdBefore?: Date;
}

/** A job that ended, without its payload and its result. */
export interface EndedJob extends Pick<Job, 'id' | 'kind' | 'state'> {
  endedAt: Date;
  /** The asset that it is for; null for jobs of sensors. */
  assetId: number | null;
  /** The sensors that it is for, in ascending order. */
  sensorIds: number[];
}

const OPEN = "state IN ('queued', 'started')";
/** In statements whose third parameter is the offset of the clock. */
const NOW = shiftedNow('$3');
const LEASE = `${NOW} + ${LEASE_MS} * interval '1 ms'`;

/**
 * A statement that claims a job. Its commit does not wait for the disk: if the database loses it in a crash, the job is
 * claimed again.
 * @param select finds the id of at most one job and locks it
 */
const claimSql = (select: string): string => `/* ${PREPARED} */ WITH next AS (${select}), claimed AS (
     UPDATE job SET state = 'started', started_at = ${NOW}, attempts = attempts + 1, worker = $1, lease_until = ${LEASE}
     FROM next WHERE job.id = next.id RETURNING job.*
   ), emitted AS (
     INSERT INTO event (name, actor, payload) SELECT '${JOB_STARTED.name}', jsonb_build_object('job', id, 'queue', queue),
       jsonb_build_object('id', id, 'queue', queue, 'kind', kind, 'worker', worker, 'attempts', attempts)
     FROM claimed
   )
   SELECT id, queue, kind, payload, attempts FROM claimed
   WHERE ${COMMITS_WITHOUT_WAITING}`;

/** The queues are tried in their order, up to the first with a job. */
const CLAIM_NEXT = claimSql(
  `SELECT waiting.id FROM unnest($2::text[]) AS tried (name), LATERAL (
     SELECT id FROM job WHERE ${OPEN} AND queue = tried.name
       AND (state = 'queued' AND run_after <= ${NOW} AND deadline > ${NOW} OR lease_until < ${NOW})
     ORDER BY turn, created_at LIMIT 1 FOR UPDATE SKIP LOCKED
   ) AS waiting LIMIT 1`,
);

const CLAIM_ONE = claimSql(
  `SELECT id FROM job WHERE ${OPEN} AND id = $2::uuid
     AND (state = 'queued' AND deadline > ${NOW} OR lease_until < ${NOW}) FOR UPDATE SKIP LOCKED`,
);

/** Columns of a job, named as its fields. */
const COLUMNS = `id, fingerprint, generation, queue, kind, state, payload, result, failure_reason AS "failureReason",
  created_at AS "createdAt", started_at AS "startedAt", ended_at AS "endedAt", account_id AS "accountId", user_id AS "userId",
  is_limited AS "isLimited", merge_key AS "mergeKey", turn, deadline, attempts, run_after AS "runAfter",
  lease_until AS "leaseUntil", worker`;

/** Without TypeORM, as users ask for the state of a job again and again. */
const FIND = `/* ${PREPARED} */ SELECT ${COLUMNS} FROM job WHERE id = $1`;

const FIND_MANY = `/* ${PREPARED} */ SELECT ${COLUMNS} FROM job WHERE id = ANY($1::uuid[])`;

/** Each condition has the words of an index, which PostgreSQL combines. */
const LIST_ABOUT = `SELECT ${COLUMNS} FROM job
  WHERE ((payload ->> 'assetId' IS NOT NULL AND payload ->> 'assetId' = $1)
    OR (payload ->> 'sensorId' IS NOT NULL AND payload ->> 'sensorId' = ANY($2::text[]))
    OR (payload ? 'flexModel'
      AND jsonb_path_query_array(payload, '$.flexModel[*].sensor') @> ANY($2::text[]::jsonb[])))
    AND ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR state = $5)
    AND ($6::timestamptz IS NULL OR created_at < $6)
  ORDER BY created_at DESC, id LIMIT $3`;

/** Of more ended jobs, the oldest are not looked at for what is wrong. */
const MAX_ENDED = 20_000;

const LIST_TROUBLED = `WITH ended AS (
    SELECT id, kind, state, ended_at AS "endedAt", (payload ->> 'assetId')::integer AS "assetId",
      ARRAY(
        SELECT DISTINCT sensor::integer FROM jsonb_array_elements_text(
          jsonb_path_query_array(payload, '$.sensorId') || jsonb_path_query_array(payload, '$.flexModel[*].sensor')
        ) AS sensor ORDER BY 1
      ) AS "sensorIds"
    FROM job WHERE ended_at >= $1 ORDER BY ended_at DESC LIMIT ${MAX_ENDED}
  ), newest AS (
    SELECT DISTINCT ON (kind, "assetId", "sensorIds") * FROM ended
    ORDER BY kind, "assetId", "sensorIds", "endedAt" DESC, id
  )
  SELECT newest.* FROM newest JOIN job USING (id)
  WHERE newest.state = 'failed'
    OR EXISTS (SELECT FROM unnest($2::text[]) AS list (name) WHERE jsonb_path_exists(job.result -> list.name, '$[*]'))
  ORDER BY "endedAt" DESC, id LIMIT $3`;

const FIND_NEWEST = `/* ${PREPARED} */ SELECT ${COLUMNS} FROM job WHERE fingerprint = $1 ORDER BY generation DESC LIMIT 1`;

/**
 * Table `job`. All times come from the clock of the database, moved by the offset of the injected clock, so that the clocks
 * of workers do not matter.
 */
@Injectable()
export class JobsRepository {
  constructor(
    private readonly transactions: Transactions,
    private readonly events: Events,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<Job | null> {
    const [job] = await this.transactions.select<Job>(FIND, [id]);
    return job ?? null;
  }

  findMany(ids: readonly string[]): Promise<Job[]> {
    return this.transactions.select<Job>(FIND_MANY, [ids]);
  }

  /**
   * What went wrong since a time, the newest first: of the jobs of a kind about the same asset and sensors the last one, if it
   * failed or if a list in its result has entries.
   * @param resultLists names of lists in results
   */
  listTroubled(since: Date, resultLists: readonly string[], limit: number): Promise<EndedJob[]> {
    return this.transactions.select<EndedJob>(LIST_TROUBLED, [since, resultLists, limit]);
  }

  /** The newest job with this fingerprint. */
  async findNewest(fingerprint: string): Promise<Job | null> {
    const [job] = await this.transactions.select<Job>(FIND_NEWEST, [fingerprint]);
    return job ?? null;
  }

  /**
   * Records a waiting job. Its turn is that of the job that was started last, but later than the turn of the last job of its
   * account. So each account gets one job per turn, and an account that has waiting jobs does not delay others.
   * @param ttlMs time until its deadline
   * @returns its turn; undefined if a job with this id exists
   */
  async insert(job: NewJob, ttlMs: number): Promise<number | undefined> {
    const { id, queue, kind, payload, fingerprint, generation, accountId, userId, isLimited, mergeKey } = job;
    const now = shiftedNow('$7');
    const [row] = await this.transactions.query<{ turn: number }>(
      `/* ${PREPARED} */ INSERT INTO job (id, queue, kind, payload, fingerprint, generation, account_id, user_id, is_limited, merge_key,
         state, created_at, run_after, deadline, turn)
       VALUES ($1, $2::varchar, $3, $4::jsonb, $5, $6, $8::integer, $9, $10, $12, 'queued', ${now}, ${now}, ${now} + $11::float8 * interval '1 ms',
         greatest(
           (SELECT coalesce(max(turn), 0) FROM job WHERE queue = $2::varchar AND attempts > 0),
           (SELECT coalesce(max(turn), -1) + 1 FROM job
            WHERE queue = $2::varchar AND account_id = $8::integer AND (attempts > 0 OR state = 'queued'))
         ))
       ON CONFLICT (id) DO NOTHING RETURNING turn`,
      [
        ...[id, queue, kind, JSON.stringify(payload), fingerprint, generation],
        ...[this.clock.offsetMs, accountId, userId, isLimited, ttlMs, mergeKey],
      ],
    );
    return row?.turn;
  }

  /** Records a job that is finished already. */
  async insertFinished(
    {
      id,
      queue,
      kind,
      payload,
      fingerprint,
      accountId,
    }: Omit<NewJob, 'generation' | 'userId' | 'isLimited' | 'mergeKey'>,
    result: unknown,
  ): Promise<void> {
    const now = shiftedNow('$8');
    await this.transactions.query(
      `INSERT INTO job (id, queue, kind, payload, fingerprint, account_id, result, state, created_at, started_at, ended_at)
       VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7::jsonb, 'finished', ${now}, ${now}, ${now})`,
      [
        ...[id, queue, kind, JSON.stringify(payload), fingerprint, accountId],
        ...[JSON.stringify(result), this.clock.offsetMs],
      ],
    );
  }

  /**
   * Locks a job that waits for its first attempt and has this merge key, until the end of the transaction. Undefined if there
   * is none, or if a worker is just claiming it.
   */
  async lockMergeable(mergeKey: string): Promise<Pick<Job, 'id' | 'payload'> | undefined> {
    const [job] = await this.transactions.query<Pick<Job, 'id' | 'payload'>>(
      `SELECT id, payload FROM job WHERE merge_key = $1 AND state = 'queued' AND attempts = 0 AND deadline > ${shiftedNow('$2')}
       ORDER BY turn LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [mergeKey, this.clock.offsetMs],
    );
    return job;
  }

  async setPayload(id: string, payload: unknown): Promise<void> {
    await this.transactions.query('UPDATE job SET payload = $2::jsonb WHERE id = $1', [
      id,
      JSON.stringify(payload),
    ]);
  }

  /**
   * Claims the job with the first turn that waits and may start, or whose lease expired, of the first of these queues that
   * has one. Two callers never get the same job.
   */
  claimNext(queues: readonly string[], worker: string): Promise<ClaimedJob | undefined> {
    return this.claim(CLAIM_NEXT, [worker, queues, this.clock.offsetMs]);
  }

  /** Claims this job if it waits or its lease expired. */
  claimOne(id: string, worker: string): Promise<ClaimedJob | undefined> {
    return this.claim(CLAIM_ONE, [worker, id, this.clock.offsetMs]);
  }

  private async claim(statement: string, parameters: unknown[]): Promise<ClaimedJob | undefined> {
    const [job] = await this.transactions.query<ClaimedJob>(statement, parameters);
    if (job) await this.events.signalEmittedBySql(JOB_STARTED);
    return job;
  }

  /** Extends the lease of a running job. */
  async renew({ id, attempts }: ClaimedJob): Promise<void> {
    await this.transactions.query(
      `UPDATE job SET lease_until = ${LEASE} WHERE id = $1 AND state = 'started' AND attempts = $2`,
      [id, attempts, this.clock.offsetMs],
    );
  }

  /**
   * Locks a job until the end of the transaction.
   * @returns whether the caller still has the last attempt
   */
  async lock({ id, attempts }: ClaimedJob): Promise<boolean> {
    const rows = await this.transactions.query(
      `/* ${PREPARED} */ SELECT 1 FROM job WHERE id = $1 AND state = 'started' AND attempts = $2 FOR UPDATE`,
      [id, attempts],
    );
    return rows.length > 0;
  }

  async finish({ id, attempts }: ClaimedJob, result: unknown): Promise<void> {
    await this.transactions.query(
      `/* ${PREPARED} */ UPDATE job SET state = 'finished', result = $3::jsonb, ended_at = ${shiftedNow('$4')}, lease_until = NULL
       WHERE id = $1 AND state = 'started' AND attempts = $2`,
      [id, attempts, JSON.stringify(result ?? null), this.clock.offsetMs],
    );
  }

  /** @returns whether the caller still had the last attempt */
  fail({ id, attempts }: ClaimedJob, reason: string): Promise<boolean> {
    return this.updateOne(
      `UPDATE job SET state = 'failed', failure_reason = $3, ended_at = ${shiftedNow('$4')}, lease_until = NULL
       WHERE id = $1 AND state = 'started' AND attempts = $2`,
      [id, attempts, reason, this.clock.offsetMs],
    );
  }

  /**
   * Returns a job to the queue for another attempt after a delay.
   * @returns whether the caller still had the last attempt
   */
  postpone({ id, attempts }: ClaimedJob, delayMs: number): Promise<boolean> {
    return this.updateOne(
      `UPDATE job SET state = 'queued', run_after = ${shiftedNow('$4')} + $3 * interval '1 ms', lease_until = NULL
       WHERE id = $1 AND state = 'started' AND attempts = $2`,
      [id, attempts, delayMs, this.clock.offsetMs],
    );
  }

  /** Jobs that have been ready to start for more than `graceMs`, in the order of their turns. */
  findOverdue(queues: readonly string[], graceMs: number, limit: number): Promise<Job[]> {
    return this.jobs
      .createQueryBuilder('job')
      .where(`${OPEN} AND queue = ANY(:queues)`, { queues })
      .andWhere(
        `coalesce(lease_until, run_after) < ${shiftedNow(':offsetMs')} - :graceMs * interval '1 ms'`,
        {
          graceMs,
          offsetMs: this.clock.offsetMs,
        },
      )
      .orderBy('turn')
      .addOrderBy('created_at')
      .limit(limit)
      .getMany();
  }

  /**
   * Fails waiting jobs: all of one queue, or only those that wait for another attempt.
   * @returns the failed jobs
   */
  failWaiting(
    reason: string,
    { queue, onlyPostponed }: { queue: string; onlyPostponed: boolean },
  ): Promise<JobEvent[]> {
    return this.transactions.query<JobEvent>(
      `WITH failed AS (
         UPDATE job SET state = 'failed', failure_reason = $1, ended_at = ${shiftedNow('$4')}
         WHERE state = 'queued' AND queue = $2 AND (NOT $3::boolean OR run_after > ${shiftedNow('$4')})
         RETURNING id, queue, kind
       )
       SELECT id, queue, kind FROM failed`,
      [reason, queue, onlyPostponed, this.clock.offsetMs],
    );
  }

  /**
   * Fails waiting jobs whose deadline has passed.
   * @returns the failed jobs, with the reasons
   */
  failExpired(): Promise<(JobEvent & { reason: string })[]> {
    return this.transactions.query(
      `WITH failed AS (
         UPDATE job SET state = 'failed', ended_at = ${shiftedNow('$1')}, failure_reason = format(
           CASE WHEN attempts = 0 THEN 'JOB_EXPIRED: no worker started the job by its deadline, %s. Is a worker running?'
             ELSE 'JOB_EXPIRED: the job did not succeed by its deadline, %s.' END,
           to_char(deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
         WHERE state = 'queued' AND deadline <= ${shiftedNow('$1')}
         RETURNING id, queue, kind, failure_reason AS reason
       )
       SELECT id, queue, kind, reason FROM failed`,
      [this.clock.offsetMs],
    );
  }

  /** Deletes the failed jobs of a queue. @returns their number */
  async deleteFailed(queue: string): Promise<number> {
    const rows = await this.transactions.query(
      `WITH deleted AS (DELETE FROM job WHERE queue = $1 AND state = 'failed' RETURNING id) SELECT id FROM deleted`,
      [queue],
    );
    return rows.length;
  }

  /** Deletes jobs that ended longer ago than this. @returns their number */
  async deleteEnded(olderThanMs: number): Promise<number> {
    const [row] = await this.transactions.query<{ count: number }>(
      `WITH deleted AS (DELETE FROM job WHERE ended_at < ${shiftedNow('$2')} - $1 * interval '1 ms' RETURNING 1)
       SELECT count(*)::int AS count FROM deleted`,
      [olderThanMs, this.clock.offsetMs],
    );
    return row!.count;
  }

  /** Number of jobs that `deleteEnded` would delete. */
  async countEnded(olderThanMs: number): Promise<number> {
    const [row] = await this.transactions.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM job WHERE ended_at < ${shiftedNow('$2')} - $1 * interval '1 ms'`,
      [olderThanMs, this.clock.offsetMs],
    );
    return row!.count;
  }

  /** The most recently created jobs, of one queue or of all. */
  listNewest(limit: number, queue?: string): Promise<Job[]> {
    return this.jobs.find({
      where: queue === undefined ? {} : { queue },
      order: { createdAt: 'DESC', id: 'ASC' },
      take: limit,
    });
  }

  /** The newest jobs whose payload names the asset, or one of the sensors as its sensor or as that of a device. */
  listAbout(
    assetId: number,
    sensorIds: readonly number[],
    limit: number,
    { kind, state, createdBefore }: JobFilter,
  ): Promise<Job[]> {
    const filter = [kind ?? null, state ?? null, createdBefore ?? null];
    return this.transactions.select<Job>(LIST_ABOUT, [
      ...[String(assetId), sensorIds.map(String), limit],
      ...filter,
    ]);
  }

  /** The number of jobs by queue and state. */
  countByState(): Promise<{ queue: string; state: JobState; count: number }[]> {
    return this.transactions.query(
      'SELECT queue, state, count(*)::int AS count FROM job GROUP BY queue, state',
    );
  }

  /** How long the jobs took that ended in the last hour, by kind. */
  listDurations(): Promise<JobDurations[]> {
    const seconds = 'extract(epoch FROM ended_at - started_at)::float8';
    return this.transactions.query<JobDurations>(
      `SELECT kind, percentile_cont(0.5) WITHIN GROUP (ORDER BY ${seconds}) AS median, max(${seconds}) AS longest
       FROM job WHERE started_at IS NOT NULL AND ended_at > ${shiftedNow('$1')} - interval '1 hour'
       GROUP BY kind ORDER BY kind`,
      [this.clock.offsetMs],
    );
  }

  /** @returns whether a job was changed */
  private async updateOne(update: string, parameters: unknown[]): Promise<boolean> {
    const rows = await this.transactions.query(
      `WITH changed AS (${update} RETURNING id) SELECT id FROM changed`,
      parameters,
    );
    return rows.length > 0;
  }

  private get jobs() {
    return this.transactions.manager.getRepository(Job);
  }
}
