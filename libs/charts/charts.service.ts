import { Inject, Injectable } from '@nestjs/common';
import type { Asset } from '#lib/assets';
import { AnnotationsService, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import {
  ChartData,
  type ChartDataOptions,
  type ChartWindow,
  type JsonText,
  type ReadGate,
} from './chart-data.service';
import {
  annotationsDataset,
  assetChart,
  assetDataset,
  sensorChart,
  sensorDataset,
  shownSource,
  wrapLines,
  type ChartOptions,
  type ShownSensor,
  type ShownSource,
} from './model';
import { ShownSensors, type MayRead, type TimeRange } from './shown-sensors.service';

/** A remark about a period, as charts show it; epoch milliseconds. */
export interface ShownAnnotation {
  start: number;
  end: number;
  belief_time: number | null;
  /** In lines that fit into a chart. */
  content: string[];
  source: ShownSource;
  type: string;
}

/** What a chart shall show, and how. */
export interface ChartRequest extends Omit<ChartOptions, 'startMs' | 'endMs'> {
  window: ChartWindow;
  includeData: boolean;
}

const LINE_LENGTH = 60;

/**
 * Charts of sensors and assets: Vega-Lite specifications as JSON text, with or without their data, which is read through
 * a gate.
 */
@Injectable()
export class ChartsService {
  constructor(
    private readonly shown: ShownSensors,
    private readonly data: ChartData,
    private readonly annotations: AnnotationsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError TOO_MUCH_DATA */
  async sensorChart(sensor: Sensor, request: ChartRequest, gate: ReadGate): Promise<JsonText> {
    const chart = sensorChart(toShownSensor(sensor), toOptions(request));
    if (!request.includeData) return () => [JSON.stringify(chart)];
    const annotations = await this.annotationsOf(sensor, request.window);
    const options = { mostRecentOnly: true };
    return withDatasets(chart, {
      [sensorDataset(sensor.id)]: await this.sensorData(sensor, request.window, options, gate),
      [annotationsDataset(sensor.id)]: () => [JSON.stringify(annotations)],
    });
  }

  /** A chart of the sensors that the asset shows and that may be read. @throws DomainError TOO_MUCH_DATA */
  async assetChart(asset: Asset, mayRead: MayRead, request: ChartRequest, gate: ReadGate): Promise<JsonText> {
    const panels = await this.shown.panelsOf(asset, mayRead);
    const shownPanels = panels.map((sensors) => sensors.map((sensor) => toShownSensor(sensor, asset)));
    const chart = assetChart(asset, shownPanels, toOptions(request));
    if (!request.includeData) return () => [JSON.stringify(chart)];
    const data = await this.data.ofSensors(once(panels), request.window, { mostRecentOnly: true }, gate);
    return withDatasets(chart, { [assetDataset(asset.id)]: data });
  }

  /** @throws DomainError INCOMPATIBLE_RESOLUTION, TOO_MUCH_DATA */
  sensorData(
    sensor: Sensor,
    window: ChartWindow,
    options: ChartDataOptions,
    gate: ReadGate,
  ): Promise<JsonText> {
    return this.data.ofSensor(sensor, window, options, gate);
  }

  /** @throws DomainError TOO_MUCH_DATA */
  async assetData(
    asset: Asset,
    mayRead: MayRead,
    window: ChartWindow,
    options: Pick<ChartDataOptions, 'mostRecentOnly'>,
    gate: ReadGate,
  ): Promise<JsonText> {
    return this.data.ofSensors(once(await this.shown.panelsOf(asset, mayRead)), window, options, gate);
  }

  /** Remarks about a sensor, its asset and its account that touch the window; by start. */
  async annotationsOf(sensor: Sensor, window: ChartWindow): Promise<ShownAnnotation[]> {
    const found = await this.annotations.listForSensor(sensor, {
      endsAfterMs: window.eventStartsAfterMs,
      startsBeforeMs: window.eventEndsBeforeMs,
      beliefsAfterMs: window.beliefsAfterMs,
      beliefsBeforeMs: window.beliefsBeforeMs,
    });
    return found.map(({ start, end, beliefTime, content, source, type }) => ({
      start: start.getTime(),
      end: end.getTime(),
      belief_time: beliefTime?.getTime() ?? null,
      content: wrapLines(content, LINE_LENGTH),
      source: shownSource(source),
      type,
    }));
  }

  /** When the sensors that an asset shows have data, as far as they may be read, and the asset's time zone. */
  async factsOfAsset(asset: Asset, mayRead: MayRead): Promise<{ range: TimeRange; timezone: string }> {
    const sensors = once(await this.shown.panelsOf(asset, mayRead));
    return {
      range: await this.shown.timeRange(sensors, this.clock.now()),
      timezone: await this.shown.timezoneOf(asset),
    };
  }

  /** When a sensor has data. */
  timeRangeOf(sensor: Sensor): Promise<TimeRange> {
    return this.shown.timeRange([sensor], this.clock.now());
  }
}

/** A sensor as charts show it, named with its asset where that is not the one the chart is about. */
function toShownSensor({ id, name, unit, eventResolutionMs, asset }: Sensor, of = asset): ShownSensor {
  const label = asset.id === of.id ? name : `${name} (${asset.name})`;
  return { id, name, unit, resolutionMs: eventResolutionMs, label };
}

const toOptions = ({ window, width, height, theme }: ChartRequest): ChartOptions => ({
  width,
  height,
  theme,
  startMs: window.eventStartsAfterMs,
  endMs: window.eventEndsBeforeMs,
});

/** Each sensor once, also when several panels show it. */
const once = (panels: Sensor[][]): Sensor[] => [
  ...new Map(panels.flat().map((sensor) => [sensor.id, sensor])).values(),
];

/** The text of a specification that holds its data, which is text already. */
const withDatasets = (chart: object, datasets: Record<string, JsonText>): JsonText =>
  function* () {
    yield `${JSON.stringify(chart).slice(0, -1)},"datasets":{`;
    for (const [i, [name, pieces]] of Object.entries(datasets).entries()) {
      yield `${i > 0 ? ',' : ''}${JSON.stringify(name)}:`;
      yield* pieces();
    }
    yield '}}';
  };
