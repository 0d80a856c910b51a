/** A time series of a document. */
export interface MarketSeries {
  /** Code of the zone. */
  zone: string;
  /** Whether its power is consumed, as that of storage, and not generated. */
  isConsumption: boolean;
  /** Code of the type of generation; undefined for prices. */
  type?: string;
  /** Such as `EUR`; undefined for power. */
  currency?: string;
  /** Such as `MWH` for prices per MWh and `MAW` for power in MW. */
  unit: string;
  /** Code of the contract: `A01` for the day-ahead market. */
  contract?: string;
  /** Number of the auction, if several are published. */
  sequence?: number;
  periods: MarketPeriod[];
}

/** A period of a series. */
export interface MarketPeriod {
  startMs: number;
  /** Length of a step in milliseconds. */
  stepMs: number;
  /** One value per step; NaN if unknown. */
  values: Float64Array;
}

/** What the service answers: a document with series, or an acknowledgement with the reason why there is none. */
export type MarketReply =
  | { kind: 'document'; createdMs: number; revision: number; series: MarketSeries[] }
  | { kind: 'acknowledgement'; code: string; text: string };

/** A parsed element: its text, or its children by name. Lists are those of `LISTS`. */
type Element = Readonly<Record<string, unknown>>;

const LISTS = ['TimeSeries', 'Period', 'Point', 'Reason'];
const DOCUMENTS = ['Publication_MarketDocument', 'GL_MarketDocument'];

/**
 * Reads an answer of the service.
 * @throws Error if it is no document of prices or generation
 */
export async function readMarketReply(xml: string): Promise<MarketReply> {
  // Loaded on the first import only: other commands do not need it.
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ...{ ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false },
    isArray: (name) => LISTS.includes(name),
  });
  const root = parser.parse(xml) as Element;
  const acknowledgement = root['Acknowledgement_MarketDocument'];
  if (isElement(acknowledgement)) {
    const [reason = {}] = listOf(acknowledgement, 'Reason');
    return { kind: 'acknowledgement', code: textOf(reason, 'code'), text: textOf(reason, 'text') };
  }
  const document = DOCUMENTS.map((name) => root[name]).find(isElement);
  if (!document) throw new Error(`There is neither a ${DOCUMENTS.join(' nor a ')} in the answer.`);
  return {
    kind: 'document',
    createdMs: instantOf(document, 'createdDateTime'),
    revision: Number(textOf(document, 'revisionNumber') || '1'),
    series: listOf(document, 'TimeSeries').map(toSeries),
  };
}

function toSeries(series: Element): MarketSeries {
  const consumer = textOf(series, 'outBiddingZone_Domain.mRID');
  const zone = textOf(series, 'inBiddingZone_Domain.mRID') || consumer || textOf(series, 'in_Domain.mRID');
  const psr = isElement(series['MktPSRType']) ? series['MktPSRType'] : {};
  const sequence = textOf(series, 'classificationSequence_AttributeInstanceComponent.position');
  const isWithRepeats = textOf(series, 'curveType') === 'A03';
  return {
    zone,
    isConsumption: consumer !== '',
    type: textOf(psr, 'psrType') || undefined,
    currency: textOf(series, 'currency_Unit.name') || undefined,
    unit: textOf(series, 'price_Measure_Unit.name') || textOf(series, 'quantity_Measure_Unit.name'),
    contract: textOf(series, 'contract_MarketAgreement.type') || undefined,
    sequence: sequence === '' ? undefined : Number(sequence),
    periods: listOf(series, 'Period').map((period) => toPeriod(period, isWithRepeats)),
  };
}

/**
 * @param isWithRepeats whether a position that is left out repeats the value of the one before (curve type A03); otherwise its
 *   value is unknown
 */
function toPeriod(period: Element, isWithRepeats: boolean): MarketPeriod {
  const interval = isElement(period['timeInterval']) ? period['timeInterval'] : {};
  const [startMs, endMs] = [instantOf(interval, 'start'), instantOf(interval, 'end')];
  const stepMs = stepOf(textOf(period, 'resolution'));
  const steps = (endMs - startMs) / stepMs;
  if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS)
    throw new Error(`A period of ${endMs - startMs} ms does not consist of steps of ${stepMs} ms.`);
  const stated = new Map<number, number>();
  for (const point of listOf(period, 'Point')) {
    const position = Number(textOf(point, 'position'));
    if (!Number.isInteger(position) || position < 1 || position > steps)
      throw new Error(`Position ${position} is not within a period of ${steps} steps.`);
    stated.set(position, Number(textOf(point, 'price.amount') || textOf(point, 'quantity') || 'NaN'));
  }
  const values = new Float64Array(steps).fill(NaN);
  for (let step = 0; step < steps; step++)
    values[step] = stated.get(step + 1) ?? (isWithRepeats && step > 0 ? values[step - 1]! : NaN);
  return { startMs, stepMs, values };
}

/** A leap year in minutes. */
const MAX_STEPS = 366 * 24 * 60;

/** A resolution such as `PT15M` in milliseconds. */
function stepOf(text: string): number {
  const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(text) ?? [];
  const ms = Number(hours) * 3_600_000 + Number(minutes) * 60_000;
  if (ms > 0) return ms;
  throw new Error(`The resolution ${text || 'of a period'} is not known.`);
}

function instantOf(element: Element, name: string): number {
  const ms = Date.parse(textOf(element, name));
  if (Number.isNaN(ms)) throw new Error(`The time in ${name} is missing or not valid.`);
  return ms;
}

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null;

function textOf(element: Element, name: string): string {
  const value = element[name];
  return typeof value === 'string' ? value.trim() : '';
}

function listOf(element: Element, name: string): Element[] {
  const value = element[name];
  return Array.isArray(value) ? value.filter(isElement) : [];
}
