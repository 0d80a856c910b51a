import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;

export const TOKEN = '7c5a8a39-key';
export const ZONE_CODES = { NL: '10YNL----------L', DE_LU: '10Y1001A1001A82H', PL: '10YPL-AREA-----S' };

/** Price of a quarter-hour, EUR/MWh. It is the same for the whole hour that begins at 3:00 UTC. */
export const priceAt = (ms: number): number => {
  const hour = Math.floor(ms / HOUR_MS) % 24;
  return hour === 3 ? -7.5 : 40 + hour + ((ms / QUARTER_MS) % 4) / 4;
};

/** Answers as the ENTSO-E Transparency Platform documents its API; the real one is not asked. */
export class EntsoeService {
  readonly requests: URLSearchParams[] = [];
  /** Answers to the next requests in place of documents: a status, headers and a text. */
  readonly failures: { status: number; headers?: Record<string, string>; text?: string }[] = [];
  /** When the documents say that they were created. The real service gives the time of the request. */
  createdAt = '';
  /** No prices from this time on, epoch ms. */
  pricesUntilMs = Infinity;
  /** Prices that were corrected, by the start of their hour, epoch ms. */
  readonly corrections = new Map<number, number>();
  private readonly server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api`;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }

  private answer({ url }: IncomingMessage, response: ServerResponse): void {
    const query = new URL(url!, 'http://localhost').searchParams;
    this.requests.push(query);
    const failure = this.failures.shift();
    if (failure) {
      response.writeHead(failure.status, failure.headers).end(failure.text ?? '');
    } else if (query.get('securityToken') !== TOKEN) {
      response.writeHead(401, { 'Content-Type': 'text/html' }).end('<html><body>Unauthorized</body></html>');
    } else {
      const document = query.get('documentType') === 'A44' ? this.prices(query) : this.generation(query);
      response.setHeader('Content-Type', 'text/xml');
      response.end(
        document ?? acknowledgement('No matching data found for Data item and the given interval.'),
      );
    }
  }

  /** Whole days of the market, as the service gives them. */
  private prices(query: URLSearchParams): string | undefined {
    const zone = query.get('in_Domain')!;
    const days = marketDays(query).filter(([start]) => start < this.pricesUntilMs);
    if (days.length === 0 || query.get('out_Domain') !== zone) return undefined;
    const currency = zone === ZONE_CODES.PL ? 'PLN' : 'EUR';
    const series = days.flatMap(([start, end]) => {
      const stepMs = start < Date.parse('2025-09-30T22:00Z') ? HOUR_MS : QUARTER_MS;
      const coupled = this.priceSeries({ start, end, stepMs, currency, zone }, 1, 0);
      return zone === ZONE_CODES.DE_LU
        ? [this.priceSeries({ start, end, stepMs, currency, zone }, 2, 500), coupled]
        : [coupled];
    });
    return this.document('Publication_MarketDocument', 'A44', series);
  }

  private priceSeries(
    {
      start,
      end,
      stepMs,
      currency,
      zone,
    }: { start: number; end: number; stepMs: number; currency: string; zone: string },
    sequence: number,
    surcharge: number,
  ): string {
    const values = Array.from({ length: (end - start) / stepMs }, (_, i) => {
      const at = start + i * stepMs;
      const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
      return surcharge + (this.corrections.get(hour) ?? priceAt(at));
    });
    return `<TimeSeries><mRID>1</mRID><auction.type>A01</auction.type><businessType>A62</businessType>
      <in_Domain.mRID codingScheme="A01">${zone}</in_Domain.mRID><out_Domain.mRID codingScheme="A01">${zone}</out_Domain.mRID>
      <contract_MarketAgreement.type>A01</contract_MarketAgreement.type><currency_Unit.name>${currency}</currency_Unit.name>
      <price_Measure_Unit.name>MWH</price_Measure_Unit.name>
      <classificationSequence_AttributeInstanceComponent.position>${sequence}</classificationSequence_AttributeInstanceComponent.position>
      <curveType>A03</curveType>${period(start, end, stepMs, values, 'price.amount')}</TimeSeries>`;
  }

  /** Solar power and pumped storage; the second hour of the first day is a gap. */
  private generation(query: URLSearchParams): string {
    const [start, end] = [timeOf(query.get('periodStart')!), timeOf(query.get('periodEnd')!)];
    const series = (type: string, domain: string, value: (i: number) => number): string => {
      const part = (from: number, until: number): string =>
        period(
          from,
          until,
          QUARTER_MS,
          Array.from({ length: (until - from) / QUARTER_MS }, (_, i) => value(i)),
          'quantity',
        );
      return `<TimeSeries><mRID>1</mRID><businessType>A01</businessType><objectAggregation>A08</objectAggregation>
        <${domain}BiddingZone_Domain.mRID codingScheme="A01">${query.get('in_Domain')}</${domain}BiddingZone_Domain.mRID>
        <quantity_Measure_Unit.name>MAW</quantity_Measure_Unit.name><curveType>A03</curveType>
        <MktPSRType><psrType>${type}</psrType></MktPSRType>${part(start, start + HOUR_MS)}${part(start + 2 * HOUR_MS, end)}</TimeSeries>`;
    };
    return this.document('GL_MarketDocument', 'A75', [
      series('B16', 'in', (i) => i),
      series('B10', 'in', () => 120),
      series('B10', 'out', () => 35),
      series('B14', 'in', () => 480),
    ]);
  }

  private document(name: string, type: string, series: readonly string[]): string {
    const created = this.createdAt || `${new Date().toISOString().slice(0, 19)}Z`;
    return `<?xml version="1.0" encoding="utf-8"?><${name} xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">
      <mRID>df5f07320f074c369d60428641fed537</mRID><revisionNumber>1</revisionNumber><type>${type}</type>
      <sender_MarketParticipant.mRID codingScheme="A01">10X1001A1001A450</sender_MarketParticipant.mRID>
      <createdDateTime>${created}</createdDateTime>${series.join('')}</${name}>`;
  }
}

export const acknowledgement = (text: string): string => `<?xml version="1.0" encoding="UTF-8"?>
  <Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
    <mRID>be3917c7-0704-4</mRID><createdDateTime>2026-03-30T10:45:36Z</createdDateTime>
    <Reason><code>999</code><text>${text}</text></Reason></Acknowledgement_MarketDocument>`;

/** A period whose repeated values are left out. */
function period(start: number, end: number, stepMs: number, values: readonly number[], tag: string): string {
  const points = values.flatMap((value, i) =>
    i > 0 && values[i - 1] === value
      ? []
      : [`<Point><position>${i + 1}</position><${tag}>${value}</${tag}></Point>`],
  );
  const minute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;
  return `<Period><timeInterval><start>${minute(start)}</start><end>${minute(end)}</end></timeInterval>
    <resolution>PT${stepMs / 60_000}M</resolution>${points.join('')}</Period>`;
}

/** `202603281100`, UTC. */
const timeOf = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5Z'));

/** The days in Brussels that a request touches, as start and end. */
function marketDays(query: URLSearchParams): [number, number][] {
  const [from, until] = [timeOf(query.get('periodStart')!), timeOf(query.get('periodEnd')!)];
  const days: [number, number][] = [];
  let start = startOfDay(from);
  while (start < until) {
    const end = startOfDay(start + 30 * HOUR_MS);
    days.push([start, end]);
    start = end;
  }
  return days;
}

/** The start of the day in Brussels, whose clock is one or two hours ahead of UTC. */
function startOfDay(ms: number): number {
  const [day] = new Date(ms).toLocaleString('sv', { timeZone: 'Europe/Brussels' }).split(' ') as [string];
  const winter = Date.parse(`${day}T00:00+01:00`);
  const summer = Date.parse(`${day}T00:00+02:00`);
  return new Date(summer).toLocaleString('sv', { timeZone: 'Europe/Brussels' }) === `${day} 00:00:00`
    ? summer
    : winter;
}
