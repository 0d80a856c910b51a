import { Inject, Injectable } from '@nestjs/common';
import type { DetailedAsset } from '#lib/assets';
import { AnnotationsService, type Annotation, type AnnotationFilter, type Sensor } from '#lib/sensors';
import { CLOCK, type Clock } from '#lib/time';
import {
  ChartData,
  commonResolution,
  type ChartDataOptions,
  type ChartWindow,
  type JsonText,
  type ReadLimiter,
} from './chart-data.service';
import { ChartSeries, type SeriesOptions } from './chart-series.service';
import {
  annotationsDataset,
  assetChart,
  assetDataset,
  sensorChart,
  sensorDataset,
  describeSource,
  pagePanel,
  wrapLines,
  type ChartOptions,
  type PagePanel,
  type ShownSensor,
  type ShownSource,
} from './model';
import { ShownSensors, type CanRead, type TimeRange } from './shown-sensors.service';

/** An annotation in a chart. Times are epoch milliseconds. */
export interface ShownAnnotation {
  start: number;
  end: number;
  belief_time: number | null;
  /** Lines of text that fit into a chart. */
  content: string[];
  source: ShownSource;
  type: string;
}

/** A request for a chart. */
export interface ChartRequest extends Omit<ChartOptions, 'startMs' | 'endMs'> {
  window: ChartWindow;
  includeData: boolean;
}

/** What the chart of an asset shows. */
export interface AssetChartInfo {
  /** The sensors of all panels, without duplicates. */
  sensors: Sensor[];
  panels: PagePanel[];
  /** Of the data of the sensors. */
  range: TimeRange;
  /** That of the asset. */
  timezone: string;
}

const LINE_LENGTH = 60;

/**
 * Charts of sensors and assets: Vega-Lite specifications as JSON text, with or without their data, which is read through
 * a limiter.
 */
@Injectable()
export class ChartsService {
  constructor(
    private readonly shown: ShownSensors,
    private readonly data: ChartData,
    private readonly series: ChartSeries,
    private readonly annotations: AnnotationsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError TOO_MUCH_DATA */
  async sensorChart(sensor: Sensor, request: ChartRequest, limitRead: ReadLimiter): Promise<JsonText> {
    const chart = sensorChart(toShownSensor(sensor), toOptions(request));
    if (!request.includeData) return () => [JSON.stringify(chart)];
    const annotations = await this.listAnnotations(sensor, request.window);
    const options = { mostRecentOnly: true };
    return withDatasets(chart, {
      [sensorDataset(sensor.id)]: await this.sensorData(sensor, request.window, options, limitRead),
      [annotationsDataset(sensor.id)]: () => [JSON.stringify(annotations)],
    });
  }

  /** A chart of the sensors of an asset that the user can read. @throws DomainError TOO_MUCH_DATA */
  async assetChart(
    asset: DetailedAsset,
    canRead: CanRead,
    request: ChartRequest,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    const panels = await this.shown.findPanels(asset, canRead);
    const resolutionOf = commonResolution(uniqueSensors(panels));
    const shownPanels = panels.map((sensors) =>
      sensors.map((sensor) => ({ ...toShownSensor(sensor, asset), resolutionMs: resolutionOf(sensor) })),
    );
    const chart = assetChart(asset, shownPanels, toOptions(request));
    if (!request.includeData) return () => [JSON.stringify(chart)];
    const data = await this.data.readSensors(
      uniqueSensors(panels),
      request.window,
      { mostRecentOnly: true },
      limitRead,
    );
    return withDatasets(chart, { [assetDataset(asset.id)]: data });
  }

  /** The panel of a sensor page. */
  sensorPanel(sensor: Sensor): PagePanel {
    return pagePanel([toShownSensor(sensor)]);
  }

  /** @throws DomainError INCOMPATIBLE_RESOLUTION, TOO_MUCH_DATA */
  sensorData(
    sensor: Sensor,
    window: ChartWindow,
    options: ChartDataOptions,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    return this.data.readSensor(sensor, window, options, limitRead);
  }

  /** @throws DomainError TOO_MUCH_DATA */
  async assetData(
    asset: DetailedAsset,
    canRead: CanRead,
    window: ChartWindow,
    options: Pick<ChartDataOptions, 'mostRecentOnly'>,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    return this.data.readSensors(
      uniqueSensors(await this.shown.findPanels(asset, canRead)),
      window,
      options,
      limitRead,
    );
  }

  /** The series of a sensor. @throws DomainError TOO_MUCH_DATA */
  sensorSeries(
    sensor: Sensor,
    window: ChartWindow,
    options: SeriesOptions,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    return this.series.read([sensor], window, options, limitRead);
  }

  /** The series of the sensors in an asset's chart. @throws DomainError TOO_MUCH_DATA */
  async assetSeries(
    asset: DetailedAsset,
    canRead: CanRead,
    window: ChartWindow,
    options: SeriesOptions,
    limitRead: ReadLimiter,
  ): Promise<JsonText> {
    const sensors = uniqueSensors(await this.shown.findPanels(asset, canRead));
    return this.series.read(sensors, window, options, limitRead);
  }

  /**
   * The annotations of a sensor, its asset and its account that overlap the window, ordered by start.
   * @throws DomainError TOO_MUCH_DATA
   */
  async listAnnotations(sensor: Sensor, window: ChartWindow): Promise<ShownAnnotation[]> {
    const found = await this.annotations.listForSensor(sensor, toAnnotationFilter(window));
    return found.map(toShownAnnotation);
  }

  /**
   * The annotations of an asset and its account that overlap the window, ordered by start.
   * @param clips whether annotations end and start with the window
   * @throws DomainError TOO_MUCH_DATA
   */
  async listAssetAnnotations(
    asset: DetailedAsset,
    window: ChartWindow,
    { clips }: { clips: boolean },
  ): Promise<ShownAnnotation[]> {
    const found = await this.annotations.listForAsset(asset, toAnnotationFilter(window));
    const shown = found.map(toShownAnnotation);
    if (!clips) return shown;
    const { eventStartsAfterMs = -Infinity, eventEndsBeforeMs = Infinity } = window;
    return shown.map((one) => ({
      ...one,
      start: Math.max(one.start, eventStartsAfterMs),
      end: Math.min(one.end, eventEndsBeforeMs),
    }));
  }

  /** What the chart of an asset shows, of sensors that the user can read. */
  async getAssetInfo(asset: DetailedAsset, canRead: CanRead): Promise<AssetChartInfo> {
    const titled = await this.shown.findTitledPanels(asset, canRead);
    const sensors = uniqueSensors(titled.map((panel) => panel.sensors));
    return {
      sensors,
      panels: titled.map((panel) =>
        pagePanel(
          panel.sensors.map((sensor) => toShownSensor(sensor, asset)),
          panel.title,
        ),
      ),
      range: await this.shown.timeRange(sensors, this.clock.now()),
      timezone: await this.shown.getTimezone(asset),
    };
  }

  /** The time range of the data of a sensor. */
  getTimeRange(sensor: Sensor): Promise<TimeRange> {
    return this.shown.timeRange([sensor], this.clock.now());
  }
}

const toAnnotationFilter = (window: ChartWindow): AnnotationFilter => ({
  endsAfterMs: window.eventStartsAfterMs,
  startsBeforeMs: window.eventEndsBeforeMs,
  beliefsAfterMs: window.beliefsAfterMs,
  beliefsBeforeMs: window.beliefsBeforeMs,
  windowField: 'event_starts_after',
});

const toShownAnnotation = ({
  start,
  end,
  beliefTime,
  content,
  source,
  type,
}: Annotation): ShownAnnotation => ({
  start: start.getTime(),
  end: end.getTime(),
  belief_time: beliefTime?.getTime() ?? null,
  content: wrapLines(content, LINE_LENGTH),
  source: describeSource(source),
  type,
});

/** A sensor for a chart. The label contains the name of its asset, unless the chart is about this asset. */
function toShownSensor(
  { id, name, unit, eventResolutionMs, asset }: Sensor,
  chartAsset = asset,
): ShownSensor {
  const label = asset.id === chartAsset.id ? name : `${name} (${asset.name})`;
  return { id, name, unit, resolutionMs: eventResolutionMs, label };
}

const toOptions = ({ window, width, height, theme }: ChartRequest): ChartOptions => ({
  width,
  height,
  theme,
  startMs: window.eventStartsAfterMs,
  endMs: window.eventEndsBeforeMs,
});

/** The sensors of all panels, without duplicates. */
const uniqueSensors = (panels: Sensor[][]): Sensor[] => [
  ...new Map(panels.flat().map((sensor) => [sensor.id, sensor])).values(),
];

/** Adds data to a specification. The data is inserted as text, because it may be long. */
const withDatasets = (chart: object, datasets: Record<string, JsonText>): JsonText =>
  function* () {
    yield `${JSON.stringify(chart).slice(0, -1)},"datasets":{`;
    for (const [i, [name, pieces]] of Object.entries(datasets).entries()) {
      yield `${i > 0 ? ',' : ''}${JSON.stringify(name)}:`;
      yield* pieces();
    }
    yield '}}';
  };
