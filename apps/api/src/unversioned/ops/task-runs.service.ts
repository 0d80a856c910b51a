import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { TaskRunsRepository } from '#lib/database';
import { CLOCK, formatInstant, parseInstant, TimeError, type Clock } from '#lib/time';
import { ApiError } from '../../http/errors/api-error';
import { isSameSecret } from '../same-secret';
import type { TaskRun } from './ops.dto';

/** Minutes between two runs of a task for which the host has set no frequency. */
const DEFAULT_FREQUENCY = 10;
const NEVER = '1970-01-01T00:00:00';
/** Length of the column. */
const MAX_NAME_LENGTH = 80;

/** Latest runs of recurring tasks, for programs that watch them (py-pinger), in the form of FlexMeasures 0.12.1. */
@Injectable()
export class TaskRunsService {
  constructor(
    private readonly runs: TaskRunsRepository,
    @Inject(SETTINGS)
    private readonly settings: Pick<
      Settings,
      'tokenHeader' | 'taskCheckToken' | 'monitorFrequencies' | 'mode'
    >,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The latest run of a task, for a request with the token for task checks.
   * @returns the run, or the reason why there is none, with the HTTP status
   */
  async get(name: string, headers: IncomingHttpHeaders): Promise<{ httpStatus: number; run: TaskRun }> {
    const fail = (httpStatus: number, reason: string) => ({
      httpStatus,
      run: this.toTaskRun(name, { status: 'ERROR', reason, lastrun: NEVER }),
    });
    const token = headers[this.settings.tokenHeader.toLowerCase()];
    if (token === undefined) return fail(401, 'Not authenticated to check task status.');
    if (!this.isTaskCheckToken(token)) return fail(403, 'Not authorized to check task status.');
    if (name === '') return fail(400, 'No task name given.');
    const found = isStorable(name) ? await this.runs.find(name) : null;
    if (!found) return fail(404, `Task ${name} has no last run time.`);
    const status = found.status ? 'OK' : 'ERROR';
    const lastrun = formatInstant(found.datetime.getTime(), 'UTC');
    return { httpStatus: 200, run: this.toTaskRun(name, { status, reason: '', lastrun }) };
  }

  /**
   * Records a run from the fields of a form: `name`, `status` (by default True) and `datetime` (by default now).
   * @throws ApiError 400 with the reason
   */
  async record({ name = '', status = 'True', datetime }: Record<string, unknown>): Promise<void> {
    if (name === '') throw failure('No task name given.');
    if (typeof name !== 'string' || !isStorable(name))
      throw failure(`name: must be one text of 1 to ${MAX_NAME_LENGTH} characters.`);
    // As in Python, any other text means that the task failed.
    await this.runs.record({ name, datetime: this.readTime(datetime), status: status === 'True' });
  }

  /** A time without a time zone is in UTC. */
  private readTime(given: unknown): Date {
    if (given === undefined) return new Date(this.clock.now());
    if (typeof given !== 'string') throw failure('datetime: must be one ISO 8601 datetime.');
    const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(given.trim());
    try {
      return new Date(parseInstant(hasZone ? given : `${given.trim()}Z`));
    } catch (error) {
      throw error instanceof TimeError ? failure(`datetime: ${error.message}`) : error;
    }
  }

  private isTaskCheckToken(token: string | string[]): boolean {
    const { taskCheckToken } = this.settings;
    return typeof token === 'string' && taskCheckToken !== undefined && isSameSecret(token, taskCheckToken);
  }

  private toTaskRun(name: string, outcome: Pick<TaskRun, 'status' | 'reason' | 'lastrun'>): TaskRun {
    return {
      ...outcome,
      frequency: this.settings.monitorFrequencies.get(name.toUpperCase()) ?? DEFAULT_FREQUENCY,
      process: 'FlexMeasures',
      server: this.settings.mode,
    };
  }
}

const failure = (reason: string): ApiError => new ApiError(400, { status: 'ERROR', reason });

const isStorable = (name: string): boolean => name.length <= MAX_NAME_LENGTH && !name.includes('\0');
