import { Injectable } from '@nestjs/common';
import type { Attributes } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { type ExtensionClass, ExtensionKind, ExtensionRegistry } from '#lib/extensions';
import type { ScheduledSensor, Scheduler, SchedulerRequest } from '#lib/plugin-api';
import { SensorAccess, type Sensor } from '#lib/sensors';
import { formatInstant } from '#lib/time';
import { convertValues } from '#lib/units';
import { readCustomPower } from '../model';
import type { FlexWindow } from '../model/flex/readers/flex-sources';
import { isOneWayCharger } from '../model/flex/asset-kinds';
import { powerRange } from '../model/flex/sign';
import { type Reader, findReaders } from '../reading/window-series';
import type { FlexModelInput } from '../requests/schedule-request';
import type { SchedulerIdentity } from '../store/schedule-store';

/** What clients of FlexMeasures send to choose the scheduler that is built in. */
const BUILT_IN = [{ module: 'flexmeasures.data.models.planning.storage', class: 'StorageScheduler' }];

const KIND = new ExtensionKind('custom-scheduler', 'computeSchedule', 'CUSTOM_SCHEDULER_FAILED', BUILT_IN);

/** A request to a custom scheduler. */
export interface CustomRequest {
  sensor: Sensor;
  /** Combined attributes of the sensor, its asset and the parent assets. */
  attributes: Attributes;
  window: FlexWindow;
  flexModel: FlexModelInput;
  flexContext: Record<string, unknown>;
  beliefTimeMs: number;
  /** The permissions with which the scheduler reads sensors. */
  reader: Reader;
}

/** The schedule of a custom scheduler. */
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

/** The `custom-scheduler` attribute of the sensor or its asset; undefined if the built-in scheduler is used. */
export const findCustomScheduler = (sensor: Sensor): unknown => KIND.findAttribute(sensor);

/** Whether the attributes of a sensor or an asset name a custom scheduler. */
export const nameCustomScheduler = (attributes: Attributes): boolean => KIND.isNamedIn(attributes);

/** Runs custom schedulers; see docs/custom-schedulers.md. */
@Injectable()
export class CustomSchedulers {
  constructor(
    private readonly extensions: ExtensionRegistry,
    private readonly access: SensorAccess,
    private readonly beliefs: BeliefsService,
  ) {
    extensions.registerKind(KIND);
  }

  /**
   * Checks that the class exists that a sensor or its asset names.
   * @throws DomainError as ExtensionRegistry.findClass
   */
  check(sensor: Sensor): void {
    this.extensions.findClass(KIND, sensor);
  }

  /**
   * Runs the custom scheduler of a sensor.
   * @throws DomainError as ExtensionRegistry.findClass; CUSTOM_SCHEDULER_FAILED if it throws, returns an invalid schedule, or
   *   exceeds the capacity of the device
   */
  async compute(request: CustomRequest): Promise<CustomSchedule> {
    const found = this.extensions.findClass(KIND, request.sensor)!;
    const CustomScheduler = found.class as ExtensionClass & SchedulerClass;
    const scheduler = KIND.getIdentity(CustomScheduler, found.name);
    const warnings: string[] = [];
    const readIds = new Set<number>();
    const power = await KIND.run(found.name, async () => {
      const custom = new CustomScheduler(this.createRequest(request, { warnings, readIds }));
      await custom.deserializeConfig();
      return custom.computeSchedule();
    });
    const powerMw = readPower(power, found.name, request);
    return { powerMw, scheduler, warnings, readIds: [...readIds] };
  }

  private createRequest(
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
          const other = await this.access.getReadable(
            id,
            findReaders(reader, id, sensor.asset),
            'readSensor',
          );
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

/** Reads the power of each step and checks it against the capacities in the attributes of the device. */
function readPower(
  given: unknown,
  name: string,
  { sensor, window, attributes }: CustomRequest,
): Float64Array {
  let power: Float64Array;
  try {
    power = readCustomPower(given, window);
  } catch (error) {
    throw KIND.toError(name, error);
  }
  const { highestMw, lowestMw } = powerRange(attributes, isOneWayCharger(sensor.asset));
  const tolerance = 1e-6 * Math.max(1, ...[highestMw, -lowestMw].filter(Number.isFinite));
  const wrong = power.findIndex((mw) => mw > highestMw + tolerance || mw < lowestMw - tolerance);
  if (wrong < 0) return power;
  const when = formatInstant(window.startMs + wrong * window.stepMs, window.timezone);
  const range = `${lowestMw} MW to ${highestMw} MW`;
  throw KIND.toError(
    name,
    new RangeError(
      `its power of ${power[wrong]} MW at ${when} is outside the range of the device, ${range}.`,
    ),
  );
}
