import { changed, siteCaseFields, siteCases } from '../golden/site-case';
import { startApi, type ApiServer } from '../harness/api';
import { startTestApp, type TestApp } from '../harness/app';
import { flexmeasures } from '../harness/cli';
import { essence, expectWorkedOut, GoldenSites } from '../harness/golden-sites';

jest.setTimeout(120_000);

/** Every field of flex-models and flex-contexts, through the API, by the server alone. */
describe('sites asked for through the API', () => {
  let app: TestApp;
  let api: ApiServer;
  let sites: GoldenSites;

  beforeAll(async () => {
    app = await startTestApp();
    const run = (line: string, input?: string) =>
      flexmeasures(line.split(' '), { databaseUri: app.databaseUri, input });
    await run('add account --name Any');
    await run(
      'add user --username admin --email admin@example.com --account-id 1 --roles admin',
      'secret-word\n',
    );
    api = await startApi(app.databaseUri);
    sites = new GoldenSites(app, api, await api.logIn('admin@example.com', 'secret-word'));
  });
  afterAll(async () => {
    await api.stop();
    await app.close();
  });

  it.each(siteCases)('$id', async (one) => {
    expectWorkedOut(one, await sites.outcome(one));
  });

  it.each(siteCases)('$id, with prices and capacities recorded by sensors', async (one) => {
    expectWorkedOut(one, await sites.outcome(one, { isRecorded: true }));
  });

  it.each(siteCaseFields)('%s: %s matters', async (_id, field, one) => {
    const outcome = await sites.outcome(changed(one, field));
    expect(essence(outcome)).not.toEqual(essence(await sites.outcome(one)));
  });
});
