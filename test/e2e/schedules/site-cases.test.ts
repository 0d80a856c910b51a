import { withoutField, siteCaseFields, siteCases } from '../../golden/site-case';
import { pickCases } from '../../harness/effort';
import { toComparableText, expectCalculatedSchedule, GoldenSites } from '../../harness/scenes/golden-sites';
import { startServedApp, type ServedApp } from '../../harness/servers/served-app';

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

  it.each(siteCases)('$id', async (one) => {
    expectCalculatedSchedule(one, await sites.schedule(one));
  });

  it.each(pickCases(siteCases, 5))('$id, with prices and capacities recorded by sensors', async (one) => {
    expectCalculatedSchedule(one, await sites.schedule(one, { isRecorded: true }));
  });

  it.each(pickCases(siteCaseFields, 10))('%s: %s matters', async (_id, field, one) => {
    const outcome = await sites.schedule(withoutField(one, field));
    expect(toComparableText(outcome)).not.toEqual(toComparableText(await sites.schedule(one)));
  });
});
