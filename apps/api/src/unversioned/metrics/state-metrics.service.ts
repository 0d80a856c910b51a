import { Injectable } from '@nestjs/common';
import type { Counter, Gauge, Registry } from 'prom-client';
import { ApiUsageService } from '#lib/api-usage';
import { SolverPool } from '#lib/compute';
import { PoolUse } from '#lib/database';
import { DeliveriesRepository } from '#lib/events';
import { JobsService } from '#lib/queues';
import { Metrics } from '../../http/metrics/metrics';

/** All metrics in the text format of Prometheus. */
export interface MetricsText {
  contentType: string;
  text: string;
}

/** Where values are kept: the library, and the registry of this process. */
interface Kinds {
  Counter: typeof Counter;
  Gauge: typeof Gauge;
  registry: Registry;
}

/** Metrics of jobs, calculations, events, database and process, which are read when somebody asks for them. */
@Injectable()
export class StateMetrics {
  private readonly values = new Map<string, Counter | Gauge>();
  private reading: Promise<MetricsText> | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly jobs: JobsService,
    private readonly deliveries: DeliveriesRepository,
    private readonly usage: ApiUsageService,
    private readonly solver: SolverPool,
    private readonly pool: PoolUse,
  ) {}

  /** All metrics as they are now. Callers at the same time get the same text: values are set to zero and added up again. */
  read(): Promise<MetricsText> {
    this.reading ??= this.readAll().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** If the database cannot be reached, the values that come from it are missing. */
  private async readAll(): Promise<MetricsText> {
    const [{ Counter, Gauge }, registry] = await Promise.all([
      import('prom-client'),
      this.metrics.registry(),
    ]);
    const kinds = { Counter, Gauge, registry };
    for (const value of this.values.values()) value.reset();
    this.readProcess(kinds);
    // All of them end before the next reading begins.
    const reads = await Promise.allSettled([
      this.readJobs(kinds),
      this.readEvents(kinds),
      this.readUsage(kinds),
    ]);
    const isUp = reads.every(({ status }) => status === 'fulfilled');
    this.set(kinds, 'flexmeasures_database_up', 'Whether the database answered.', {}, isUp ? 1 : 0);
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  private readProcess(kinds: Kinds): void {
    const { total, idle, waiting } = this.pool.read();
    const connections = 'Connections of the pool of this process, by use.';
    this.set(kinds, 'flexmeasures_database_connections', connections, { use: 'busy' }, total - idle);
    this.set(kinds, 'flexmeasures_database_connections', connections, { use: 'idle' }, idle);
    this.set(
      kinds,
      'flexmeasures_database_requests_waiting',
      'Requests that wait for a connection.',
      {},
      waiting,
    );
    for (const [calculation, { count, seconds }] of this.solver.totals) {
      const labels = { calculation };
      this.set(
        kinds,
        'flexmeasures_calculations_total',
        'Calculations of this process in solver threads.',
        labels,
        count,
      );
      this.set(
        kinds,
        'flexmeasures_calculation_seconds_total',
        'Time of these calculations.',
        labels,
        seconds,
      );
    }
    const { user, system } = process.cpuUsage();
    this.set(
      kinds,
      'process_cpu_seconds_total',
      'Processor time of this process.',
      {},
      (user + system) / 1e6,
    );
    this.set(
      kinds,
      'process_resident_memory_bytes',
      'Memory of this process.',
      {},
      process.memoryUsage.rss(),
    );
  }

  private async readJobs(kinds: Kinds): Promise<void> {
    for (const { queue, counts } of await this.jobs.countByState()) {
      for (const [state, count] of Object.entries(counts))
        this.set(
          kinds,
          'flexmeasures_jobs',
          'Jobs that are kept, by queue and state.',
          { queue, state },
          count,
        );
    }
    for (const { kind, median, longest } of await this.jobs.listDurations()) {
      const help = 'Time from start to end of the jobs that ended in the last hour, in all processes.';
      this.set(kinds, 'flexmeasures_job_seconds', help, { kind, quantile: '0.5' }, median);
      this.set(kinds, 'flexmeasures_job_seconds', help, { kind, quantile: '1' }, longest);
    }
  }

  private async readEvents(kinds: Kinds): Promise<void> {
    for (const { subscription, behindS, waiting, failing } of await this.deliveries.listProgress()) {
      const labels = { subscription };
      const help = 'Age of the oldest event that a subscription has not read; 0 if there is none.';
      this.set(kinds, 'flexmeasures_event_lag_seconds', help, labels, behindS ?? 0);
      this.set(
        kinds,
        'flexmeasures_event_work_waiting',
        'Work for events that was not started.',
        labels,
        waiting,
      );
      this.set(
        kinds,
        'flexmeasures_event_work_failing',
        'Work for events that failed and is tried again.',
        labels,
        failing,
      );
    }
  }

  private async readUsage(kinds: Kinds): Promise<void> {
    const requests = new Map<string, number>();
    for (const use of await this.usage.list())
      requests.set(use.version, (requests.get(use.version) ?? 0) + use.requests);
    for (const [version, count] of requests)
      this.set(
        kinds,
        'flexmeasures_old_api_requests_total',
        'Requests to old versions of the API.',
        { version },
        count,
      );
  }

  /** Names that end with `_total` are those of counters. */
  private set(
    { Counter, Gauge, registry }: Kinds,
    name: string,
    help: string,
    labels: Record<string, string>,
    value: number,
  ): void {
    let known = this.values.get(name);
    if (!known) {
      const Kind = name.endsWith('_total') ? Counter : Gauge;
      known = new Kind({ name, help, labelNames: Object.keys(labels), registers: [registry] });
      this.values.set(name, known);
    }
    known.inc(labels, value);
  }
}
