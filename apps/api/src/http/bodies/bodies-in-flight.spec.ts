import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request, Response } from 'express';
import type { Settings } from '#lib/config';
import { SystemClock } from '#lib/time';
import { BodiesInFlight, type BodyAccount } from './bodies-in-flight';

const MAX_BODY_BYTES = 5_000_000;
/** More than are processed at once. */
const LARGE = 4_500_000;

describe('Bodies in flight', () => {
  const inFlight = new BodiesInFlight({ maxBodyBytes: MAX_BODY_BYTES } as Settings, new SystemClock());
  let turns: string[];

  beforeEach(() => {
    turns = [];
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  function open(client: string): { account: BodyAccount; response: Response } {
    const request = Object.assign(new IncomingMessage(new Socket()), { ip: client });
    const account = inFlight.open(request as unknown as Request);
    account.add(LARGE);
    return { account, response: new ServerResponse(request) as Response };
  }

  async function enter(client: string): Promise<Response> {
    const { account, response } = open(client);
    void inFlight.waitForTurn(account, response).then(() => turns.push(client));
    await jest.advanceTimersByTimeAsync(0);
    return response;
  }

  it('wait until the handler of a large one has ended its response', async () => {
    const first = await enter('192.0.2.1');
    const second = await enter('198.51.100.1');
    expect(turns).toEqual(['192.0.2.1']);
    first.end();
    await jest.advanceTimersByTimeAsync(0);
    expect(turns).toEqual(['192.0.2.1', '198.51.100.1']);
    second.end();
  });

  it('keep their turn when the client goes away, but for 30 s at most', async () => {
    const first = await enter('192.0.2.1');
    const second = await enter('198.51.100.1');
    first.emit('close');
    await jest.advanceTimersByTimeAsync(29_000);
    expect(turns).toEqual(['192.0.2.1']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(turns).toEqual(['192.0.2.1', '198.51.100.1']);
    second.end();
  });
});
