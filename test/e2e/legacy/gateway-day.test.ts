import { isThorough } from '../../harness/effort';
import { startLegacyScene, type LegacyScene } from '../../harness/scenes/legacy-scene';
import * as seed from './seed-messages';

const { HOST } = seed;
const DAY_MS = Date.parse('2015-06-03T00:00:00Z');
const MINUTE_MS = 60_000;

const at = (minute: number): string => new Date(DAY_MS + minute * MINUTE_MS).toISOString();

/** What a gateway sends in a day: a value every five minutes, the state of its battery every hour, and what it asks for. */
describe("A gateway's day", () => {
  let scene: LegacyScene;

  beforeAll(async () => {
    scene = await startLegacyScene();
  });
  afterAll(() => scene.stop());

  it.each(isThorough ? ['v1_2', 'v1_3', 'v2_0'] : ['v1_3'])(
    'passes without an error in %s',
    async (version) => {
      await scene.sql.query("UPDATE generic_asset SET attributes = '{}'");
      await scene.sql.query('DELETE FROM timed_belief');
      const failures: string[] = [];
      const send = async (method: string, endpoint: string, message: object) => {
        const { status, body } = await scene.send(method, `${version}/${endpoint}`, message);
        if (status === 200) return body as { values: number[] };
        // A gateway asks again while the schedule is computed.
        if (!/waiting|in progress/.test(JSON.stringify(body)))
          failures.push(`${endpoint}: ${JSON.stringify(body)}`);
        return undefined;
      };
      await send('POST', 'postPriceData', { ...seed.PRICES_FOR_UDI_EVENTS, prior: '2015-06-01T12:00:00Z' });
      let received = 0;
      let event = '';
      for (let minute = 0; minute < 24 * 60; minute += 5) {
        if (minute % 60 === 0) {
          event = `${HOST}:7:10:${minute / 60 + 1}:soc`;
          await send('POST', 'postUdiEvent', {
            ...seed.POST_UDI_EVENT,
            event,
            value: 10 + ((minute / 60) % 12),
            datetime: at(minute),
          });
        }
        const window = { start: at(minute), duration: 'PT5M', unit: 'MW' };
        await send('POST', 'postMeterData', {
          type: 'PostMeterDataRequest',
          connection: 'Gateway',
          value: minute / 1000,
          ...window,
        });
        if (await send('GET', 'getDeviceMessage', { type: 'GetDeviceMessageRequest', event })) received += 1;
      }
      expect(failures).toEqual([]);
      expect(received).toBeGreaterThan(24);
      const day = { start: at(0), duration: 'PT24H', unit: 'MW', connection: 'Gateway' };
      const read = await send('GET', 'getMeterData', { type: 'GetMeterDataRequest', ...day });
      expect(read?.values).toEqual(Array.from({ length: 288 }, (_, i) => (i * 5) / 1000));
    },
  );
});
