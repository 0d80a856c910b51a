import { withoutField, siteCaseFields, siteCases } from '../../golden/site-case';
import { withRecordings } from '../../golden/recorded-case';
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

  const recorded = siteCases.map(withRecordings).filter(({ fields }) => fields.length > 0);

  it.each(pickCases(recorded, 6))(
    '$recorded.id, with sensors for $fields',
    async ({ recorded: one, recordings }) => {
      expectCalculatedSchedule(one, await sites.schedule(one, recordings));
    },
  );

  it.each(pickCases(siteCaseFields, 4))('%s: %s matters', async (_id, field, one) => {
    const outcome = await sites.schedule(withoutField(one, field));
    expect(toComparableText(outcome)).not.toEqual(toComparableText(await sites.schedule(one)));
  });
});
