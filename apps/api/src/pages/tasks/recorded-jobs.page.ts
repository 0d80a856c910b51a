import type { Job, JobState } from '#lib/queues';
import { html, Html, page } from '../html/html';

/** Maximum number of jobs on the page. */
export const MAX_JOBS = 100;

/** Content of the page of recorded jobs. */
export interface RecordedJobs {
  driver: string;
  counts: { queue: string; counts: Record<JobState, number> }[];
  jobs: Job[];
  /** The queue of the jobs; undefined for all queues. */
  queue?: string;
  pollMs: number;
}

/** The page of the queues and jobs in the database. */
export function recordedJobsPage({ driver, counts, jobs, queue, pollMs }: RecordedJobs): string {
  const refresh = String(Math.max(1, Math.round(pollMs / 1000)));
  return page(
    queue === undefined ? 'Jobs' : `Jobs of queue ${queue}`,
    html`<p>${driver}</p>
      ${table(['Queue', 'Queued', 'Started', 'Finished', 'Failed'], counts.map(countsRow))}
      <p>${jobs.length === 0 ? 'There are no jobs.' : `The newest, at most ${MAX_JOBS}:`}</p>
      ${jobs.length === 0 ? undefined : table(JOB_COLUMNS, jobs.map(jobRow))}`,
    html`<meta http-equiv="refresh" content="${refresh}" />${STYLE}`,
  );
}

const STYLE = html`<style>
  body {
    max-width: 90rem;
  }
  table {
    border-collapse: collapse;
    margin: 1rem 0;
  }
  th,
  td {
    padding: 0.2rem 0.8rem 0.2rem 0;
    text-align: left;
    vertical-align: top;
    border-bottom: 1px solid #ccc;
  }
</style>`;

const JOB_COLUMNS = [
  'Job',
  'Queue',
  'Kind',
  'State',
  'Created',
  'Started',
  'Ended',
  'Attempts',
  'Worker',
  'Failure',
];

const countsRow = ({ queue, counts }: RecordedJobs['counts'][number]): (Html | string)[] => [
  html`<a href="/tasks/recorded/${queue}">${queue}</a>`,
  ...[counts.queued, counts.started, counts.finished, counts.failed].map(String),
];

const jobRow = (job: Job): (Html | string)[] => [
  job.id,
  job.queue,
  job.kind,
  job.state,
  ...[job.createdAt, job.startedAt, job.endedAt].map((time) => time?.toISOString() ?? ''),
  String(job.attempts),
  job.worker ?? '',
  job.failureReason ?? '',
];

const table = (headers: string[], rows: (Html | string)[][]): Html =>
  html`<table>
    <thead>
      <tr>
        ${joined(headers.map((header) => html`<th scope="col">${header}</th>`))}
      </tr>
    </thead>
    <tbody>
      ${joined(
        rows.map(
          (row) =>
            html`<tr>
              ${joined(row.map((cell) => html`<td>${cell}</td>`))}
            </tr>`,
        ),
      )}
    </tbody>
  </table>`;

const joined = (parts: Html[]): Html => new Html(parts.map(({ text }) => text).join('\n'));
