import { setTimeout as sleep } from 'node:timers/promises';
import { summarise, type Figure } from '../figures';
import { createHome, HOMES, readHome, type HomeName } from './home-request';
import type { SchedulingService, Server } from './scheduling-service';

const [WARM_UPS, RUNS] = [3, 15];

/** The time of the job that schedules a home for 48 h at 15 min, from its start to its end, in a warm server. */
export async function benchHomeJob(service: SchedulingService): Promise<Figure[]> {
  const server = await service.startServer('embedded');
  const figures: Figure[] = [];
  for (const name of HOMES) figures.push(await timeOfJob(service, server, name));
  await server.stop();
  return figures;
}

async function timeOfJob(service: SchedulingService, server: Server, name: HomeName): Promise<Figure> {
  const { assetId, trigger } = await createHome(server.post, name, readHome(name));
  const times: number[] = [];
  let result: { cost?: number; gap?: number } = {};
  for (let run = 0; run < WARM_UPS + RUNS; run++) {
    const { schedule } = await server.post(`/assets/${assetId}/schedules/trigger`, trigger);
    const job = await finished(service, schedule as string);
    if (run >= WARM_UPS) times.push(job.ms);
    result = job.result;
  }
  const note = `cost ${result.cost?.toFixed(4)} EUR, gap ${result.gap}`;
  return summarise(`${name}, 48 h at 15 min, time of the job`, times, note);
}

async function finished(service: SchedulingService, id: string) {
  for (;;) {
    const [job] = await service.query<{
      state: string;
      ms: number;
      result: Record<string, never>;
      failure: string;
    }>(
      `SELECT state, (extract(epoch FROM ended_at - started_at) * 1000)::float8 AS ms, result, failure_reason AS failure
       FROM job WHERE id = $1`,
      [id],
    );
    if (job?.state === 'failed') throw new Error(job.failure);
    if (job?.state === 'finished') return job;
    await sleep(20);
  }
}
