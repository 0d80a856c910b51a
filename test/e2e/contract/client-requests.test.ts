import { clientRecordings } from '../../harness/clients/recording';
import { startClientReplay, type ClientReplay } from '../../harness/clients/replay';

describe.each(clientRecordings())('Requests of $client', ({ calls, user }) => {
  let replay: ClientReplay;

  beforeAll(async () => {
    replay = await startClientReplay({ user });
  });
  afterAll(() => replay.stop());

  it.each(calls.map(({ call, requests }) => [call, requests] as const))(
    'are answered: %s',
    async (_call, requests) => {
      for (const request of requests) {
        const { status, body } = await replay.send(request);
        expect([request.path, status, body]).toEqual([request.path, request.status, body]);
      }
    },
  );

  it('fail only for a reason', () => {
    for (const { status, reason } of calls.flatMap(({ requests }) => requests))
      expect(status < 400).toBe(reason === undefined);
  });
});
