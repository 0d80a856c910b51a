import { runAtOnce, runInSlices, TimeSlice, type Pausable } from './time-slices';

/** Keeps the processor busy for so many milliseconds, with a possible pause after each; returns how many. */
function* busyFor(ms: number): Pausable<number> {
  let count = 0;
  for (; count < ms; count++) {
    for (const end = performance.now() + 1; performance.now() < end;);
    yield;
  }
  return count;
}

async function countTurns(work: () => unknown): Promise<number> {
  const state = { turns: 0, isOver: false };
  const count = (): void => {
    state.turns++;
    if (!state.isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  state.isOver = true;
  return state.turns;
}

describe('runInSlices', () => {
  it('returns the result, and lets the event loop turn in between', async () => {
    let result: number | undefined;
    const turns = await countTurns(async () => (result = await runInSlices(busyFor(40))));
    expect(result).toBe(40);
    expect(turns).toBeGreaterThan(4);
  });

  it('rejects with the error of the calculation', async () => {
    function* failing(): Pausable<number> {
      yield;
      throw new Error('no result');
    }
    await expect(runInSlices(failing())).rejects.toThrow('no result');
  });
});

describe('runAtOnce', () => {
  it('returns the result without a turn of the event loop', async () => {
    expect(await countTurns(() => expect(runAtOnce(busyFor(10))).toBe(10))).toBe(0);
  });
});

describe('TimeSlice', () => {
  afterEach(() => jest.restoreAllMocks());

  it('pauses only after its time, and then starts anew', async () => {
    let nowMs = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const slice = new TimeSlice();
    expect(await countTurns(() => slice.pauseIfOver())).toBe(0);
    nowMs += 5;
    expect(slice.isOver).toBe(true);
    expect(await countTurns(() => slice.pauseIfOver())).toBeGreaterThan(0);
    expect(slice.isOver).toBe(false);
  });
});
