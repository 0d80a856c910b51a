import { setTaskRecorder, taskWithStatusReport, type TaskRun } from './tasks';

describe('taskWithStatusReport', () => {
  const runs: TaskRun[] = [];
  beforeEach(() => {
    runs.length = 0;
    setTaskRecorder((run) => {
      runs.push(run);
      return Promise.resolve();
    });
  });
  afterAll(() => setTaskRecorder(undefined));

  it('records that the task succeeded, and passes arguments and result on', async () => {
    const add = taskWithStatusReport('add_numbers', (a: number, b: number) => a + b);
    await expect(add(1, 2)).resolves.toBe(3);
    expect(runs).toEqual([{ name: 'add_numbers', status: true }]);
  });

  it('records that the task failed, and passes the error on', async () => {
    const fail = taskWithStatusReport('fail', () => Promise.reject(new Error('no data')));
    await expect(fail()).rejects.toThrow('no data');
    expect(runs).toMatchObject([{ name: 'fail', status: false }]);
  });

  it('runs the task if the run cannot be recorded', async () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation();
    const task = taskWithStatusReport('task', () => 'done');
    setTaskRecorder(undefined);
    await expect(task()).resolves.toBe('done');
    setTaskRecorder(() => Promise.reject(new Error('no database')));
    await expect(task()).resolves.toBe('done');
    expect(warning.mock.calls.map(([text]) => text)).toEqual([
      'The run of task task is not recorded: FlexMeasures does not run.',
      'The run of task task is not recorded: Error: no database',
    ]);
    warning.mockRestore();
  });

  it('refuses names that cannot be stored', () => {
    expect(() => taskWithStatusReport('', () => 1)).toThrow('1 to 80 characters');
    expect(() => taskWithStatusReport('x'.repeat(81), () => 1)).toThrow('1 to 80 characters');
  });
});
