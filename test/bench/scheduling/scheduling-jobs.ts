import { setTimeout as sleep } from 'node:timers/promises';
import { SolverPool } from '#lib/compute';
import { SCHEDULE_SITE } from '#lib/scheduling';
import type { SiteProblem } from '#lib/scheduling/model';
import { measure, type Figure } from '../figures';
import { residentMb } from '../resident-memory';
import { benchHomeJob } from './scheduling-home-job';
import { aBattery, aBatterySite } from './scheduling';
import { startSchedulingService, type SchedulingService, type Server } from './scheduling-service';

/** Number of jobs of one worker, and of problems of one thread; BENCH_SHARE=0.1 runs a tenth. */
const SHARE = Number(process.env['BENCH_SHARE'] ?? 1);
const JOBS = 2000 * SHARE;
const SOLVES = 5000 * SHARE;

/** Schedules over HTTP: 48 h at 15 min with prices in the database. */
export async function benchSchedulingJobs(): Promise<Figure[]> {
  const service = await startSchedulingService();
  try {
    const figures = [await manySolves(), await embeddedLatency(service), ...(await benchHomeJob(service))];
    if (service.hasRedis) figures.push(...(await workerFigures(service)));
    return figures;
  } finally {
    await service.stop();
  }
}

/**
 * One thread solves many problems: sites with one storage, and in turn sites with two, which need the native solver. The
 * memory is measured after the first tenth and after each quarter.
 */
async function manySolves(): Promise<Figure> {
  const pool = new SolverPool({ threads: 1, maxCalculations: Infinity });
  const start = performance.now();
  const memory: number[] = [];
  for (let i = 0; i < SOLVES; i++) {
    if (i === SOLVES / 10 || (i > 0 && i % (SOLVES / 4) === 0)) memory.push(residentMb(process.pid));
    const prices = Float64Array.from(
      { length: 192 },
      (_, t) => 50 + 40 * Math.sin((t + i) / 11) + ((t * i) % 13),
    );
    await pool.run(SCHEDULE_SITE, i % 2 === 0 ? aBatterySite(prices, 0.25) : aSiteAt(prices));
  }
  memory.push(residentMb(process.pid));
  await pool.close();
  const ms = (performance.now() - start) / SOLVES;
  const note = `process holds ${memory.join(', ')} MB after a tenth and by quarter`;
  return {
    name: `${SOLVES} solves of 192 steps in a thread, storages and sites, per solve`,
    medianMs: ms,
    minMs: ms,
    maxMs: ms,
    runs: 1,
    note,
  };
}

/** Two batteries behind one connection, whose capacity is too small for both at the same time. */
function aSiteAt(prices: Float64Array): SiteProblem {
  return {
    steps: prices.length,
    stepHours: 0.25,
    consumptionPrices: prices,
    productionPrices: prices.map((price) => price - 10),
    consumptionCapacity: { mw: 0.6 },
    productionCapacity: { mw: 0.6 },
    devices: ['one', 'two'].map((name) => aBattery(name)),
  };
}

async function embeddedLatency(service: SchedulingService): Promise<Figure> {
  const server = await service.startServer('embedded');
  const figure = await latency('trigger to schedule, server alone', server, service.batteries[0]!);
  await server.stop();
  return figure;
}

async function workerFigures(service: SchedulingService): Promise<Figure[]> {
  const server = await service.startServer('redis');
  const worker = await service.startWorker();
  const figure = await latency('trigger to schedule, warm worker', server, service.batteries[1]!);
  await worker.stop();
  const figures = [figure, await throughput(service, server)];
  await server.stop();
  return figures;
}

/** Time from the trigger to the finished schedule, with polling. */
async function latency(name: string, server: Server, sensor: number): Promise<Figure> {
  let quarter = 0;
  const work = async (): Promise<void> => {
    const id = await server.trigger(sensor, quarter++);
    while (!(await server.isReady(sensor, id))) await sleep(1);
  };
  return measure(name, work, { runs: 41, warmUps: 40 });
}

/** All jobs wait when the worker starts; the time is from the first start to the last end. */
async function throughput(service: SchedulingService, server: Server): Promise<Figure> {
  await service.query('DELETE FROM job');
  const { batteries } = service;
  await Promise.all(
    Array.from({ length: 8 }, async (_, client) => {
      for (let job = client; job < JOBS; job += 8) {
        await server.trigger(batteries[job % batteries.length]!, Math.floor(job / batteries.length), 0.3);
      }
    }),
  );
  const worker = await service.startWorker();
  const memory = [residentMb(worker.pid)];
  let row = await progress(service);
  while (row.open > 0) {
    await sleep(100);
    row = await progress(service);
    if (row.finished >= (memory.length * JOBS) / 4) memory.push(residentMb(worker.pid));
  }
  if (row.finished !== JOBS) throw new Error(`${JOBS - row.finished} jobs failed.`);
  await worker.stop();
  const perSecond = (JOBS / row.ms) * 1000;
  return {
    name: `one worker, ${JOBS} jobs, per job`,
    medianMs: row.ms / JOBS,
    minMs: row.ms / JOBS,
    maxMs: row.ms / JOBS,
    runs: 1,
    note: `${perSecond.toFixed(1)} schedules/s; worker's memory by quarter ${memory.join(', ')} MB`,
  };
}

async function progress(service: SchedulingService) {
  const [row] = await service.query<{ open: number; finished: number; ms: number }>(
    `SELECT count(*) FILTER (WHERE ended_at IS NULL)::int AS open,
            count(*) FILTER (WHERE state = 'finished')::int AS finished,
            (extract(epoch FROM max(ended_at) - min(started_at)) * 1000)::float8 AS ms FROM job`,
  );
  return row!;
}
