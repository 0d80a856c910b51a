import { startLegacyScene, type LegacyScene } from '../../harness/scenes/legacy-scene';

const PROCESSED = { status: 'PROCESSED', message: 'Request has been processed.' };
const WINDOW = { start: '2015-01-01T00:00:00Z', duration: 'PT1H30M', unit: 'MW' };

describe('Meter data of version 1.0', () => {
  let scene: LegacyScene;

  beforeAll(async () => {
    scene = await startLegacyScene();
  });
  afterAll(() => scene.stop());

  it('is posted and read as documented', async () => {
    const posted = await scene.send('POST', 'v1/postMeterData', {
      type: 'PostMeterDataRequest',
      groups: [
        { connections: ['CS 1', 'CS 3'], values: [306.66, 306.66, 0, 0, 306.66, 306.66] },
        { connections: ['CS 2'], values: [306.66, 0, 0, 0, 306.66, 306.66] },
      ],
      ...WINDOW,
    });
    expect(posted).toMatchObject({ status: 200, body: { type: 'PostMeterDataResponse', ...PROCESSED } });
    const asked = { type: 'GetMeterDataRequest', connection: 'CS 1', ...WINDOW };
    const expected = {
      ...{ type: 'GetMeterDataResponse', connection: 'CS 1', ...WINDOW, ...PROCESSED },
      values: [306.66, 306.66, 0, 0, 306.66, 306.66],
    };
    expect((await scene.send('GET', 'v1/getMeterData', asked)).body).toEqual(expected);
    expect((await scene.send('POST', 'v1/getMeterData', asked)).body).toEqual(expected);
  });
});
