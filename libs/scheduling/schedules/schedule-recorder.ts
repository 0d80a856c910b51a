import { Injectable } from '@nestjs/common';
import { SensorsService, type Sensor } from '#lib/sensors';
import { getDeviceId, type SiteInput } from '../inputs/site-inputs';
import { powerOfCommodity, type SiteSchedule } from '../model';
import { stockIdOf } from '../model/flex/relations/stocks';
import { recordedPart, recordedSign, type RecordedAs } from '../model/flex/outputs';
import type { ScheduleWindow } from '../model/flex/values/window';
import { ScheduleStore } from '../store/schedule-store';
import { signOfSensor } from '../outputs/schedule-outputs';

/** What was stored to a sensor. */
export interface StoredOutput {
  sensorId: number;
  recordedAs: RecordedAs;
  /** Power sensor of the device; undefined for groups, storages that several devices change, and the whole site. */
  device?: number;
  /** Digest of the values in the unit of the sensor, consumption positive. */
  digest: string;
}

/** What a sensor records of a schedule. */
export interface Recording {
  sensor: Sensor;
  recordedAs: RecordedAs;
  /** Index of the device; undefined for groups, storages that several devices change, and the whole site. */
  device?: number;
  /** Whether the sensor is the power sensor of a device or group. */
  isDevice: boolean;
  /** MW per step, consumption positive; or MWh at the start and after each step. */
  values: Float64Array;
  /** What 100 % of a state of charge is. */
  socMaxMwh?: number;
  /** State of charge at the start, which is kept in attributes of the asset. */
  socAtStartMwh?: number;
}

/** All that is recorded of a schedule: the power of flexible devices and of groups, and what outputs name. */
export function recordingsOf(computed: SiteInput & { result: SiteSchedule }): Recording[] {
  const { sensors, groupSensors, outputs, problem, result, isCustom } = computed;
  const isScheduled = (index: number): boolean => problem.devices[index]!.kind !== 'inflexible' || isCustom;
  const powerOf = (index: number): Float64Array => result.devices[index]!.unroundedPowerMw;
  const powerOfGroup = (group: string): Float64Array =>
    result.groups!.find(({ id }) => id === group)!.powerMw;
  const recordedAsOf = (sensor: Sensor): RecordedAs =>
    outputs.find((one) => one.sensor.id === sensor.id)?.recordedAs ?? 'power';
  const ofDevices = sensors.flatMap((sensor, device): Recording[] => {
    if (!isScheduled(device)) return [];
    const described = problem.devices[device]!;
    return [
      {
        ...{ sensor, device, isDevice: true, values: powerOf(device) },
        recordedAs: recordedAsOf(sensor),
        socAtStartMwh: described.kind === 'storage' ? described.socAtStartMwh : undefined,
      },
    ];
  });
  const ofGroups = groupSensors.map((sensor): Recording => ({
    ...{ sensor, isDevice: true, values: powerOfGroup(getDeviceId(sensor)) },
    recordedAs: recordedAsOf(sensor),
  }));
  const own = [...ofDevices, ...ofGroups];
  const others = outputs.flatMap(({ sensor, recordedAs, device, group, commodity }): Recording[] => {
    if (own.some((one) => one.sensor.id === sensor.id)) return [];
    if (recordedAs === 'state-of-charge') {
      const shared = sharedStates(computed, sensor);
      if (shared) return [{ sensor, recordedAs, isDevice: false, ...shared }];
    }
    const output = { sensor, recordedAs, device, isDevice: false };
    if (group !== undefined) return [{ ...output, values: powerOfGroup(group) }];
    if (device === undefined) {
      const powers = result.devices.map(({ unroundedPowerMw }) => unroundedPowerMw);
      return [{ ...output, values: powerOfCommodity(problem, commodity, powers) }];
    }
    if (!isScheduled(device)) return [];
    if (recordedAs !== 'state-of-charge') return [{ ...output, values: powerOf(device) }];
    const described = problem.devices[device]!;
    const values = result.devices[device]!.socMwh;
    if (!values || described.kind !== 'storage') return [];
    return [{ ...output, values, socMaxMwh: described.socMaxMwh as number }];
  });
  return [...own, ...others];
}

/** The planned states of a storage that several devices change; undefined if the sensor is that of one device. */
function sharedStates({ problem, result }: SiteInput & { result: SiteSchedule }, sensor: Sensor) {
  const isShared = ({ id }: { id: string }): boolean => id === stockIdOf(sensor.id);
  const described = problem.stocks?.find(isShared);
  const planned = result.stocks?.find(isShared);
  return described && planned && { values: planned.socMwh, socMaxMwh: described.socMaxMwh as number };
}

/** When and by whom a schedule was made. */
interface Origin {
  window: ScheduleWindow;
  sourceId: number;
  beliefTimeMs: number;
}

/** Records schedules to sensors. */
@Injectable()
export class ScheduleRecorder {
  constructor(
    private readonly schedules: ScheduleStore,
    private readonly sensors: SensorsService,
  ) {}

  /** Stores one series of a schedule. @returns the stored values in the unit of the sensor, consumption positive */
  async record(
    { sensor, recordedAs, values, socMaxMwh, socAtStartMwh }: Recording,
    { window, sourceId, beliefTimeMs }: Origin,
  ): Promise<Float64Array> {
    if (recordedAs === 'state-of-charge') {
      const states = { socMwh: values, socMaxMwh: socMaxMwh! };
      return this.schedules.saveStates(sensor, window, states, sourceId, beliefTimeMs);
    }
    const sign = recordedSign(recordedAs, signOfSensor(sensor));
    // Who reads the sensor, also as part of another site, must know what is positive.
    if (sign !== signOfSensor(sensor))
      await this.sensors.changeAttributes(sensor.id, { consumption_is_positive: sign === 1 });
    const part = recordedPart(recordedAs, values);
    const options = { beliefTimeMs, socAtStartMwh, sign };
    return (await this.schedules.save(sensor, window, part, sourceId, options)).consumption;
  }
}
