import { Injectable } from '@nestjs/common';
import type { Attributes } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { type ExtensionClass, ExtensionKind, ExtensionRegistry } from '#lib/extensions';
import type { ScheduledSensor, Scheduler, SchedulerRequest } from '#lib/plugin-api';
import { SensorAccess, type Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import { convertValues } from '#lib/units';
import { readCustomPower } from '../model';
import type { FlexWindow } from '../model/flex/readers/flex-reader';
import { isOneWayCharger } from '../model/flex/asset-kinds';
import { powerRange } from '../model/flex/sign';
import { type Reader, readersOf } from '../reading/window-series';
import type { DeviceFlexModel } from '../requests/schedule-request';
import type { SchedulerIdentity } from '../store/schedule-store';

const KIND = new ExtensionKind('custom-scheduler', 'CUSTOM_SCHEDULER_FAILED');

/** A schedule that a scheduler of the host's own is asked for. */
export interface CustomRequest {
  sensor: Sensor;
  /** Of the sensor, its asset and what that is a part of, combined. */
  attributes: Attributes;
  window: FlexWindow;
  flexModel: DeviceFlexModel;
  flexContext: Record<string, unknown>;
  beliefTimeMs: number;
  /** For whom the scheduler reads sensors. */
  reader: Reader;
}

/** What came out. */
export interface CustomSchedule {
  /** MW per step, consumption positive. */
  powerMw: Float64Array;
  scheduler: SchedulerIdentity;
  warnings: string[];
  /** Ids of the sensors that the scheduler read. */
  readIds: number[];
}

type SchedulerClass = (new (request: SchedulerRequest) => Scheduler) &
  Pick<typeof Scheduler, 'author' | 'version'>;

/** What names the scheduler of a sensor, on itself or on its asset; undefined where the built-in ones schedule it. */
export const customSchedulerOf = (sensor: Sensor): unknown => KIND.namedBy(sensor);

/** Runs schedulers of the host's own: see docs/custom-schedulers.md. */
@Injectable()
export class CustomSchedulers {
  constructor(
    private readonly extensions: ExtensionRegistry,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
  ) {}

  /**
   * Runs the scheduler that the sensor names.
   * @throws DomainError as ExtensionRegistry.get; CUSTOM_SCHEDULER_FAILED for what it throws, for schedules that are none,
   *   and for schedules beyond what the device can take or give
   */
  async compute(request: CustomRequest): Promise<CustomSchedule> {
    const reference = KIND.referenceOf(request.sensor)!;
    const Found = this.extensions.get(reference, 'computeSchedule') as ExtensionClass & SchedulerClass;
    const scheduler = KIND.identityOf(Found, reference.class);
    const warnings: string[] = [];
    const readIds = new Set<number>();
    const given = await KIND.run(reference.class, async () => {
      const custom = new Found(this.requestOf(request, { warnings, readIds }));
      await custom.deserializeConfig();
      return custom.computeSchedule();
    });
    const powerMw = readPower(given, reference.class, request);
    return { powerMw, scheduler, warnings, readIds: [...readIds] };
  }

  private requestOf(
    request: CustomRequest,
    { warnings, readIds }: { warnings: string[]; readIds: Set<number> },
  ): SchedulerRequest {
    const { sensor, attributes, window, flexModel, flexContext, beliefTimeMs, reader } = request;
    const fields = Object.entries(flexModel).filter(([name]) => name !== 'sensor');
    return {
      sensor: describeSensor(sensor, attributes),
      start: new Date(window.startMs),
      end: new Date(window.startMs + window.steps * window.stepMs),
      resolution: window.stepMs,
      beliefTime: new Date(beliefTimeMs),
      flexModel: Object.fromEntries(fields),
      flexContext,
      context: {
        readSensor: async (id, unit) => {
          const other = await this.access.getReadable(id, readersOf(reader, id, sensor.asset), 'readSensor');
          readIds.add(id);
          const values = await this.beliefs.latestOnSteps(other, window, { beliefsBeforeMs: beliefTimeMs });
          return unit === undefined ? values : convertValues(values, other.unit, unit);
        },
        warn: (sentence) => void warnings.push(sentence),
      },
    };
  }
}

function describeSensor(sensor: Sensor, attributes: Attributes): ScheduledSensor {
  const { asset } = sensor;
  return {
    id: sensor.id,
    name: sensor.name,
    unit: sensor.unit,
    timezone: sensor.timezone,
    attributes: sensor.attributes,
    asset: { id: asset.id, name: asset.name, type: asset.assetType.name, attributes: asset.attributes },
    getAttribute: (name, otherwise) => attributes[name] ?? otherwise,
  };
}

/** The power of each step, which the device must be able to take or give as far as its attributes tell. */
function readPower(
  given: unknown,
  name: string,
  { sensor, window, attributes }: CustomRequest,
): Float64Array {
  let power: Float64Array;
  try {
    power = readCustomPower(given, window);
  } catch (error) {
    throw KIND.failed(name, error);
  }
  const { highestMw, lowestMw } = powerRange(attributes, isOneWayCharger(sensor.asset));
  const tolerance = 1e-6 * Math.max(1, ...[highestMw, -lowestMw].filter(Number.isFinite));
  const wrong = power.findIndex((mw) => mw > highestMw + tolerance || mw < lowestMw - tolerance);
  if (wrong < 0) return power;
  const when = formatInstant(window.startMs + wrong * window.stepMs, window.timezone);
  const range = `${lowestMw} MW to ${highestMw} MW`;
  throw KIND.failed(
    name,
    new RangeError(`it plans ${power[wrong]} MW at ${when}, beyond what the device can do: ${range}.`),
  );
}
