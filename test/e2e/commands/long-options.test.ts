import { flexmeasures } from '../../harness/servers/cli';
import { createTestDatabase, type TestDatabase } from '../../harness/databases/database';

describe('The command line', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await flexmeasures(['add', 'toy-account'], { databaseUri: database.uri });
  });
  afterAll(() => database.drop());

  // An argument has at most 128 KB.
  it.each([
    '--unit',
    '--horizon',
    '--timezone',
    '--prior',
    '--sensor-id',
    '--cp',
    '--datecol',
    '--thousands',
  ])('rejects %s with 100,000 digits and a letter in bounded time', async (option) => {
    const args = ['add', 'beliefs', '--sensor-id', '2', '--source', 'meter', '--file', __filename];
    const { code, stderr } = await flexmeasures([...args, option, `${'1'.repeat(100_000)}x`], {
      databaseUri: database.uri,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error/i);
  });
});
