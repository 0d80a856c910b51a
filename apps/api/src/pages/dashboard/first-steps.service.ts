import { Injectable } from '@nestjs/common';
import type { DetailedAsset } from '#lib/assets';
import { BeliefsService } from '#lib/beliefs';
import { JobsService } from '#lib/queues';
import { SCHEDULE_JOB } from '#lib/scheduling';
import { SensorsService, type Sensor } from '#lib/sensors';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { canSchedule } from '../schedules/can-schedule';

/** A step on the way to a first schedule. */
export interface FirstStep {
  title: string;
  help: string;
  isDone: boolean;
  /** Where the step is taken; undefined while an earlier step is missing. */
  path?: string;
}

/** People with more assets know the way. */
const MAX_ASSETS = 5;
const MAX_SENSORS = 50;

/** Leads people who have a new account to their first schedule. */
@Injectable()
export class FirstSteps {
  constructor(
    private readonly sensors: SensorsService,
    private readonly beliefs: BeliefsService,
    private readonly jobs: JobsService,
  ) {}

  /**
   * The steps, until there is a schedule.
   * @param owned the assets that the user can read and that belong to an account
   * @param canCreate whether the user may create assets
   */
  async of(user: ApiUser, owned: readonly DetailedAsset[], canCreate: boolean): Promise<FirstStep[]> {
    const own = owned.filter(({ accountId }) => accountId === user.accountId);
    if (!canCreate || owned.length > MAX_ASSETS) return [];
    const { items } = await this.sensors.page({
      ...{ accountIds: [user.accountId], amongAssets: user.assetIds },
      ...{ offset: 0, limit: MAX_SENSORS },
    });
    const ids = items.map(({ id }) => id);
    const ranges = await this.beliefs.eventRanges(ids);
    const isDescribed = own.some(
      ({ flexModel, flexContext }) => Object.keys({ ...flexModel, ...flexContext }).length > 0,
    );
    const steps = stepsOf({
      ...{ assets: own, sensors: items, hasData: ranges.size > 0, isDescribed },
      empty: items.find(({ id }) => !ranges.has(id)),
      schedulable: this.findSchedulable(user, own, items),
      hasSchedule: own.length > 0 && (await this.hasSchedule(own[0]!.id, ids)),
    });
    // Who has a schedule knows the way.
    return steps.at(-1)!.isDone ? [] : steps;
  }

  private findSchedulable(
    user: ApiUser,
    assets: readonly DetailedAsset[],
    sensors: readonly Sensor[],
  ): Sensor | undefined {
    const byId = new Map(assets.map((asset) => [asset.id, asset]));
    return sensors.find((sensor) => {
      const asset = byId.get(sensor.assetId);
      return asset !== undefined && canSchedule(sensor, asset, user);
    });
  }

  private async hasSchedule(assetId: number, sensorIds: readonly number[]): Promise<boolean> {
    const filter = { kind: SCHEDULE_JOB, state: 'finished' } as const;
    return (await this.jobs.listAbout(assetId, sensorIds, 1, filter)).length > 0;
  }
}

/** What an account has. */
export interface Progress {
  assets: readonly Pick<DetailedAsset, 'id'>[];
  sensors: readonly Pick<Sensor, 'id'>[];
  hasData: boolean;
  /** A sensor without data. */
  empty?: Pick<Sensor, 'id'>;
  isDescribed: boolean;
  schedulable?: Pick<Sensor, 'id'>;
  hasSchedule: boolean;
}

/** The steps of an account with their addresses. */
export function stepsOf(progress: Progress): FirstStep[] {
  const { assets, sensors, hasData, isDescribed, schedulable, hasSchedule } = progress;
  const target = progress.empty ?? sensors[0];
  const [asset] = assets;
  const [sensor] = sensors;
  const ofAsset = (part: string): string | undefined => asset && `/assets/${asset.id}/${part}`;
  return [
    {
      title: 'Create an asset',
      help: 'A site, a battery, a charging station: what uses, stores or produces energy.',
      isDone: asset !== undefined,
      path: '/assets/new',
    },
    {
      title: 'Add its sensors',
      help: 'Each records one thing: the power in kW, the state of charge in kWh, the price in EUR/kWh.',
      isDone: sensor !== undefined,
      path: ofAsset('sensors'),
    },
    {
      title: 'Import data',
      help: 'Load a CSV or Excel file for a sensor, of prices for example, or send data to the API.',
      isDone: hasData,
      path: target && `/sensors/${target.id}/upload`,
    },
    {
      title: 'Describe the flexibility',
      help: 'How much a battery holds, how fast it charges, what energy costs.',
      isDone: isDescribed,
      path: ofAsset('flexibility'),
    },
    {
      title: 'Make a schedule',
      help: 'Choose start and state of charge; the result tells costs and reasons.',
      isDone: hasSchedule,
      path: schedulable && `/sensors/${schedulable.id}/schedule`,
    },
  ];
}
