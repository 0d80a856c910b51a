import { readMarketReply, type MarketSeries } from './market-document';
import { rankOfPower, rankOfPrices, toEvents } from './market-events';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;

interface SeriesOfTest {
  start: string;
  end: string;
  resolution: string;
  /** By position. */
  points: Record<number, string>;
  curve?: string;
  more?: string;
}

/** A document of prices as the service sends it. */
const document = (...series: SeriesOfTest[]): string => `<?xml version="1.0" encoding="utf-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">
  <mRID>8116828a4635487daf7c7d3dea2b624b</mRID>
  <revisionNumber>1</revisionNumber>
  <type>A44</type>
  <createdDateTime>2026-03-28T11:57:03Z</createdDateTime>
  ${series
    .map(
      ({ start, end, resolution, points, curve = 'A01', more = '' }) => `<TimeSeries>
    <mRID>1</mRID>
    <businessType>A62</businessType>
    <in_Domain.mRID codingScheme="A01">10YNL----------L</in_Domain.mRID>
    <out_Domain.mRID codingScheme="A01">10YNL----------L</out_Domain.mRID>
    <contract_MarketAgreement.type>A01</contract_MarketAgreement.type>
    <currency_Unit.name>EUR</currency_Unit.name>
    <price_Measure_Unit.name>MWH</price_Measure_Unit.name>
    ${more}
    <curveType>${curve}</curveType>
    <Period>
      <timeInterval><start>${start}</start><end>${end}</end></timeInterval>
      <resolution>${resolution}</resolution>
      ${Object.entries(points)
        .map(
          ([at, price]) => `<Point><position>${at}</position><price.amount>${price}</price.amount></Point>`,
        )
        .join('\n')}
    </Period>
  </TimeSeries>`,
    )
    .join('\n')}
</Publication_MarketDocument>`;

async function seriesOf(...series: SeriesOfTest[]): Promise<MarketSeries[]> {
  const reply = await readMarketReply(document(...series));
  return reply.kind === 'document' ? reply.series : [];
}

const twoHours = { start: '2026-03-28T23:00Z', end: '2026-03-29T01:00Z' };
const startMs = Date.parse(twoHours.start);

describe('Documents of entsoe', () => {
  it('have the time of their creation, and series with currency, unit and contract', async () => {
    const reply = await readMarketReply(
      document({ ...twoHours, resolution: 'PT60M', points: { 1: '50.25', 2: '-3' } }),
    );
    expect(reply).toMatchObject({
      kind: 'document',
      createdMs: Date.parse('2026-03-28T11:57:03Z'),
      revision: 1,
    });
    expect(reply).toMatchObject({
      series: [
        { zone: '10YNL----------L', currency: 'EUR', unit: 'MWH', contract: 'A01', isConsumption: false },
      ],
    });
    expect(reply).toMatchObject({ series: [{ periods: [{ startMs, stepMs: HOUR_MS }] }] });
  });

  it('repeat values that are left out if their curve type is A03, and else do not know them', async () => {
    const points = { 1: '10', 4: '40', 5: '50', 7: '0' };
    const [repeated, unknown] = await seriesOf(
      { ...twoHours, resolution: 'PT15M', points, curve: 'A03' },
      { ...twoHours, resolution: 'PT15M', points },
    );
    expect([...repeated!.periods[0]!.values]).toEqual([10, 10, 10, 40, 50, 50, 0, 0]);
    expect([...unknown!.periods[0]!.values]).toEqual([10, NaN, NaN, 40, 50, NaN, 0, NaN]);
  });

  it('of generation have types, and power that is consumed', async () => {
    const series = (domain: string, quantity: number): string => `<TimeSeries><mRID>1</mRID>
      <${domain}BiddingZone_Domain.mRID codingScheme="A01">10YBE----------2</${domain}BiddingZone_Domain.mRID>
      <quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name><curveType>A01</curveType>
      <MktPSRType><psrType>B10</psrType></MktPSRType>
      <Period><timeInterval><start>2026-03-28T23:00Z</start><end>2026-03-28T23:15Z</end></timeInterval>
      <resolution>PT15M</resolution><Point><position>1</position><quantity>${quantity}</quantity></Point></Period></TimeSeries>`;
    const reply = await readMarketReply(
      `<ns:GL_MarketDocument xmlns:ns="urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:0">
        <ns:createdDateTime>2026-03-29T08:00:00Z</ns:createdDateTime>${series('in', 120)}${series('out', 30)}</ns:GL_MarketDocument>`,
    );
    expect(reply).toMatchObject({
      series: [
        { zone: '10YBE----------2', type: 'B10', unit: 'MAW', isConsumption: false },
        { zone: '10YBE----------2', type: 'B10', unit: 'MAW', isConsumption: true },
      ],
    });
  });

  it('can be an acknowledgement with a reason', async () => {
    const xml = `<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
      <Reason><code>999</code><text>No matching data found</text></Reason></Acknowledgement_MarketDocument>`;
    expect(await readMarketReply(xml)).toEqual({
      ...{ kind: 'acknowledgement', code: '999', text: 'No matching data found' },
    });
  });

  it('are refused if they are something else, or state impossible things', async () => {
    const hours = { ...twoHours, resolution: 'PT60M' };
    await expect(readMarketReply('<html><body>Sorry</body></html>')).rejects.toThrow('There is neither a');
    await expect(readMarketReply('503 Service Unavailable')).rejects.toThrow();
    await expect(seriesOf({ ...hours, points: { 3: '1' } })).rejects.toThrow(
      'Position 3 is not within a period of 2 steps.',
    );
    await expect(seriesOf({ ...hours, resolution: 'P1M', points: {} })).rejects.toThrow(
      'The resolution P1M is not known.',
    );
    await expect(seriesOf({ ...hours, end: '2026-03-29T00:30Z', points: {} })).rejects.toThrow(
      'does not consist of steps',
    );
    await expect(seriesOf({ ...hours, start: 'soon', points: {} })).rejects.toThrow('The time in start');
  });

  it('do not have entities of their own expanded', async () => {
    const points = { 1: '&big;' };
    const xml = document({ ...twoHours, resolution: 'PT60M', points }).replace(
      '<Publication',
      `<!DOCTYPE a [<!ENTITY a "1111111111"><!ENTITY big "&a;&a;">]><Publication`,
    );
    const values = await readMarketReply(xml).then(
      (reply) => (reply.kind === 'document' ? [...reply.series[0]!.periods[0]!.values] : []),
      () => [NaN, NaN],
    );
    expect(values).toEqual([NaN, NaN]);
  });
});

describe('Values of documents on events of a sensor', () => {
  const onEvents = async (resolutionMs: number, rank: typeof rankOfPower, ...series: SeriesOfTest[]) =>
    [...toEvents(await seriesOf(...series), resolutionMs, rank)].map(([ms, value]) => [
      (ms - startMs) / QUARTER_MS,
      value,
    ]);

  it('are repeated in shorter events and averaged in longer ones, if all are known', async () => {
    const hourly = { ...twoHours, resolution: 'PT60M', points: { 1: '10', 2: '20' } };
    expect(await onEvents(QUARTER_MS, rankOfPower, hourly)).toEqual([
      ...[0, 1, 2, 3].map((i) => [i, 10]),
      ...[4, 5, 6, 7].map((i) => [i, 20]),
    ]);
    const quarters = { ...twoHours, resolution: 'PT15M', points: { 1: '1', 2: '2', 3: '3', 4: '6', 5: '5' } };
    expect(await onEvents(HOUR_MS, rankOfPower, quarters)).toEqual([[0, 3]]);
  });

  it('are those of hours before October 2025, and of quarter-hours since, of the first auction', async () => {
    const sequence = (n: number) =>
      `<classificationSequence_AttributeInstanceComponent.position>${n}</classificationSequence_AttributeInstanceComponent.position>`;
    const at = (start: string, end: string) => [
      { start, end, resolution: 'PT60M', points: { 1: '60' } },
      { start, end, resolution: 'PT15M', points: { 1: '15' }, curve: 'A03' },
      { start, end, resolution: 'PT15M', points: { 1: '99' }, curve: 'A03', more: sequence(2) },
    ];
    const first = async (start: string, end: string) =>
      [...toEvents(await seriesOf(...at(start, end)), QUARTER_MS, rankOfPrices).values()][0];
    expect(await first('2025-09-30T21:00Z', '2025-09-30T22:00Z')).toBe(60);
    expect(await first('2025-09-30T22:00Z', '2025-09-30T23:00Z')).toBe(15);
  });
});
