import { changed, siteCaseFields, siteCases } from '../golden/site-case';
import { chosen } from '../harness/effort';
import { essence, expectWorkedOut, GoldenSites } from '../harness/golden-sites';
import { startServedApp, type ServedApp } from '../harness/served-app';

jest.setTimeout(120_000);

/**
 * Every field of flex-models and flex-contexts, through the API, by the server alone. That each field matters is tested
 * beside the code.
 */
describe('Site schedules over HTTP', () => {
  let served: ServedApp;
  let sites: GoldenSites;

  beforeAll(async () => {
    served = await startServedApp();
    sites = new GoldenSites(served);
  });
  afterAll(() => served.stop());

  it.each(siteCases)('are optimal for the golden case $id', async (one) => {
    expectWorkedOut(one, await sites.outcome(one));
  });

  it.each(chosen(siteCases, 5))(
    'are optimal for $id with prices and capacities recorded by sensors',
    async (one) => {
      expectWorkedOut(one, await sites.outcome(one, { isRecorded: true }));
    },
  );

  it.each(chosen(siteCaseFields, 10))('change in case %s without the field %s', async (_id, field, one) => {
    const outcome = await sites.outcome(changed(one, field));
    expect(essence(outcome)).not.toEqual(essence(await sites.outcome(one)));
  });
});
