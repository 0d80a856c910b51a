import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { isAllowed } from '#lib/accounts/model';
import { assetRules, type DetailedAsset } from '#lib/assets';
import type { SchedulePreview } from '#lib/scheduling';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { AssetHeaders } from '../assets/asset-header.service';
import type { FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { planContent } from '../plans/plan-content';
import { pictureOf } from '../plans/plan-picture';
import type { PlannedSite } from '../plans/site-devices.service';
import { DURATIONS, storageNames, type StartForm } from '../plans/starting-conditions';
import type { PageRequest } from '../sessions/page-request';
import { FlexibilityFormChoices } from './flexibility-choices.service';
import { API_NAMES, GROUPS, typedOf, type ReadForm } from './flexibility-form';
import { othersOf, sectionsOf } from './flexibility-rows';
import { storedOf, versionOf } from './stored-version';

/** What is shown of a form that was sent, or of what is stored. */
export interface ShownForm {
  view: 'form' | 'json';
  read: ReadForm;
  start: StartForm;
  site: PlannedSite;
  /** Of what was stored when the form was opened; undefined: of what is stored now. */
  version?: string;
  preview?: SchedulePreview;
  notes?: string[];
}

const TITLES = { 'flex-model': 'This device', 'flex-context': 'The site' };

/** Shows the form about the flexibility of an asset. */
@Injectable()
export class FlexibilityPage {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly choices: FlexibilityFormChoices,
  ) {}

  async send(
    asset: DetailedAsset,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    { view, read, start, site, version, preview, notes = [] }: ShownForm,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const { sensors, units, names, inherited } = await this.choices.of(asset, user);
    const content = {
      title: `Flexibility of ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Flexibility'),
      can_update: isAllowed(user, 'update', assetRules(asset)),
      ...{ view, problem, reasons, sensors, units: JSON.stringify(units) },
      version: version ?? versionOf(asset),
      is_saved: request.query['saved'] !== undefined && status === 200,
      groups: GROUPS.map((group) => ({
        ...{ name: group, title: TITLES[group], json_name: API_NAMES[group] },
        sections: sectionsOf(group, read.typed, inherited[group], reasons, names),
        others: othersOf(group, read.typed),
        json: textOf(request, group, read, reasons),
      })),
      start: startContent(start, site),
      plan: preview && previewContent(preview, notes),
    };
    await this.pages.send(request, response.set(headers), 'asset-flexibility.html', content, { status });
  }
}

/** The JSON of a group; text that could not be read stays as it was typed. */
function textOf(
  { body }: PageRequest,
  group: (typeof GROUPS)[number],
  { values }: ReadForm,
  reasons: Readonly<Record<string, string>>,
): string {
  const name = API_NAMES[group];
  const typed = ((body ?? {}) as Record<string, unknown>)[name];
  if (name in reasons && typeof typed === 'string') return typed;
  return JSON.stringify(values[group], undefined, 2);
}

/** What is stored, as a form that was read. */
export const storedForm = (asset: DetailedAsset, zone: string): ReadForm => {
  const values = storedOf(asset);
  return { typed: typedOf(values, zone), values, reasons: {} };
};

/** Fields about the start of a plan. */
export const startContent = ({ start, duration, storages }: StartForm, site: PlannedSite) => ({
  ...{ start, duration, durations: DURATIONS, timezone: site.timezone },
  storages: site.devices
    .filter(({ isStorage }) => isStorage)
    .map((device) => {
      const names = storageNames(device);
      return {
        ...{ name: device.name, names },
        ...{ soc: storages[names.soc], target: storages[names.target], time: storages[names.targetTime] },
      };
    }),
});

/** More devices are in the numbers, but have no picture. */
const MAX_PICTURES = 8;

function previewContent({ outcome, devices, ...period }: SchedulePreview, notes: string[]) {
  const sensors = devices.map(({ sensor }) => sensor);
  const pictures = devices.slice(0, MAX_PICTURES).flatMap(({ sensor, powerMw, socMwh }) => [
    pictureOf(
      { title: `Power of ${sensor.asset.name}`, unit: 'kW', kind: 'power', values: scaled(powerMw) },
      period,
    ),
    ...(socMwh
      ? [
          pictureOf(
            {
              ...{ title: `State of charge of ${sensor.asset.name}`, unit: 'kWh', kind: 'soc' },
              values: scaled(socMwh),
            },
            period,
          ),
        ]
      : []),
  ]);
  return { ...planContent(outcome, period, sensors), pictures, notes };
}

const scaled = (values: Float64Array): Float64Array => values.map((value) => value * 1000);
