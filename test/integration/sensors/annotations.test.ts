import { AccountsService } from '#lib/accounts';
import { Transactions } from '#lib/database';
import { AnnotationsService, type NewAnnotation } from '#lib/sensors';
import { startTestApp, type TestApp } from '../../harness/servers/app';
import { aSensor, aSource } from '../../harness/databases/factories';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-03-28T23:00Z');

describe('annotations', () => {
  let app: TestApp;
  let sourceId: number;

  beforeAll(async () => {
    app = await startTestApp();
    sourceId = await aSource(app);
  });
  afterAll(() => app.close());

  const anAnnotation = (content: string, changes: Partial<NewAnnotation> = {}): NewAnnotation => ({
    ...{ content, startMs: START_MS, endMs: START_MS + 23 * 3_600_000, type: 'label', sourceId },
    ...changes,
  });
  const rows = <Row>(sql: string): Promise<Row[]> => app.get(Transactions).query<Row>(sql);

  it('can belong to accounts, assets and sensors at the same time', async () => {
    const account = await app.get(AccountsService).create('Company');
    const sensor = await aSensor(app);
    const targets = { accountIds: [account.id], assetIds: [sensor.assetId], sensorIds: [sensor.id] };
    const annotations = [anAnnotation('Clocks go forward'), anAnnotation('Sunday', { type: 'holiday' })];
    expect(await app.get(AnnotationsService).annotate(annotations, targets)).toBe(2);
    for (const table of ['annotations_accounts', 'annotations_assets', 'annotations_sensors'])
      expect(await rows(`SELECT FROM ${table}`)).toHaveLength(2);
    const [stored] = await rows<{ start: Date; end: Date; type: string }>(
      `SELECT start, "end", type FROM annotation WHERE content = 'Clocks go forward'`,
    );
    expect(stored).toEqual({
      start: new Date('2026-03-28T23:00Z'),
      end: new Date('2026-03-29T22:00Z'),
      type: 'label',
    });
  });

  it('are added once by concurrent requests', async () => {
    const sensors = await Promise.all(Array.from({ length: 8 }, () => aSensor(app)));
    const added = await Promise.all(
      sensors.map(({ id }) =>
        app.get(AnnotationsService).annotate([anAnnotation('Strike')], { sensorIds: [id] }),
      ),
    );
    expect(added.reduce((sum, count) => sum + count)).toBe(1);
    expect(await rows(`SELECT FROM annotation WHERE content = 'Strike'`)).toHaveLength(1);
    expect(
      await rows(
        `SELECT FROM annotations_sensors JOIN annotation ON id = annotation_id WHERE content = 'Strike'`,
      ),
    ).toHaveLength(8);
  });

  it('are listed from the newest on up to a number, with the number of all', async () => {
    const { id } = await aSensor(app);
    const annotations = [1, 2, 3].map((day) =>
      anAnnotation(`Day ${day}`, { startMs: START_MS + day * DAY_MS, endMs: START_MS + (day + 1) * DAY_MS }),
    );
    await app.get(AnnotationsService).annotate(annotations, { sensorIds: [id] });
    const { items, total } = await app.get(AnnotationsService).listNewestOf({ sensorId: id }, 2);
    expect([items.map(({ content }) => content), total]).toEqual([['Day 3', 'Day 2'], 3]);
    expect(items[0]!.source.name).toMatch(/^source/);
  });

  it('differ by content, period, type and source', async () => {
    const { id } = await aSensor(app);
    const annotations = [
      anAnnotation('Outage'),
      anAnnotation('Outage'),
      anAnnotation('Outage', { startMs: START_MS - DAY_MS }),
      anAnnotation('Outage', { endMs: START_MS + DAY_MS }),
      anAnnotation('Outage', { type: 'warning' }),
      anAnnotation('Outage', { sourceId: await aSource(app) }),
    ];
    expect(await app.get(AnnotationsService).annotate(annotations, { sensorIds: [id] })).toBe(5);
  });

  it.each([
    [{ content: ' ' }, 'content'],
    [{ content: 'x'.repeat(1025) }, 'content'],
    [{ endMs: START_MS }, 'end'],
  ])('are refused with %j', async (changes, field) => {
    const { id } = await aSensor(app);
    const annotate = async () =>
      app.get(AnnotationsService).annotate([anAnnotation('Bad', changes)], { sensorIds: [id] });
    await expect(annotate()).rejects.toMatchObject({ code: 'ANNOTATION_INVALID', field });
  });

  it('are not stored if an account, asset or sensor does not exist', async () => {
    const { id } = await aSensor(app);
    const targets = { sensorIds: [id, 999_999] };
    await expect(app.get(AnnotationsService).annotate([anAnnotation('Lost')], targets)).rejects.toMatchObject(
      { code: 'SENSOR_NOT_FOUND' },
    );
    expect(await rows(`SELECT FROM annotation WHERE content = 'Lost'`)).toEqual([]);
  });
});
