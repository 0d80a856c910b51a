import { findTaskProblem } from './task-checks';

const NOW = Date.parse('2026-03-04T12:00:00Z');
const task = { name: 'import_prices', maxMinutes: 60 };
const run = (time: string, status: boolean) => ({ datetime: new Date(time), status });

describe('findTaskProblem', () => {
  it('finds nothing if the task succeeded at most so many minutes ago', () => {
    expect(findTaskProblem(task, run('2026-03-04T11:00:00Z', true), NOW)).toBeUndefined();
  });

  it('finds late runs, failures, and tasks that never ran', () => {
    const late = findTaskProblem(task, run('2026-03-04T10:59:59Z', true), NOW);
    expect(late?.message).toBe(
      'Task import_prices ran last at 2026-03-04T10:59:59+00:00, longer than PT1H ago.',
    );
    expect(late?.details).toMatch(/and succeeded/);
    expect(findTaskProblem(task, run('2026-03-04T11:59:00Z', false), NOW)?.message).toBe(
      'Task import_prices failed at 2026-03-04T11:59:00+00:00.',
    );
    expect(findTaskProblem(task, null, NOW)?.message).toMatch(/^Task import_prices has no last run/);
  });
});
