import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { isAllowed } from '#lib/accounts/model';
import { AssetRemovalService } from '#lib/administration';
import { assetRules, getSensorsToShow, getShownAttributes, type DetailedAsset } from '#lib/assets';
import { SETTINGS, type Settings } from '#lib/config';
import type { ApiUser } from '../../http/auth/authentication/api-user';
import { RequiresPermission, Resource, User } from '../../http/auth/permissions/permission.guard';
import { unauthorized } from '../../http/errors/api-error';
import { ApiExcludeController } from '../../http/contract/metadata';
import { validateFields } from '../../http/schema/validation';
import { AssetChanges } from '../../v3/assets/asset-changes.service';
import { AssetPatch, AssetPost } from '../../v3/assets/assets.dto';
import { formProblems, type FormProblems } from '../forms/form-problems';
import { Pages } from '../frame/pages.service';
import { tilesOf } from '../frame/tiles';
import { fieldOf, type PageRequest } from '../sessions/page-request';
import { ASSET_FIELDS, FieldProblem, panelText, toAssetBody, type AssetForm } from './asset-form';
import { AssetFormChoices } from './asset-form-choices.service';
import { AssetHeaders } from './asset-header.service';
import { AssetOwners } from './asset-owners.service';

type Fields = Record<string, string>;

/** Forms that create, change and delete assets. */
@ApiExcludeController()
@Controller('assets')
export class AssetFormsController {
  constructor(
    private readonly pages: Pages,
    private readonly headers: AssetHeaders,
    private readonly owners: AssetOwners,
    private readonly choices: AssetFormChoices,
    private readonly changes: AssetChanges,
    private readonly removal: AssetRemovalService,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'pages'>,
  ) {}

  @Get('new')
  async showNew(
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    if (!this.owners.canCreate(user)) throw unauthorized();
    const parent = typeof request.query['parent'] === 'string' ? request.query['parent'] : '';
    const form = { account_id: String(user.accountId), parent_asset_id: parent, attributes: '{}' };
    await this.sendNew(user, request, response, form);
  }

  @Post('new')
  async create(@User() user: ApiUser, @Req() request: PageRequest, @Res() response: Response): Promise<void> {
    const form = readForm(request);
    try {
      const body = await validateFields(AssetPost, toAssetBody(form));
      const asset = await this.changes.create(body, user);
      response.redirect(303, `/assets/${asset.id}`);
    } catch (error) {
      await this.sendNew(user, request, response, form, problemsOf(error, request));
    }
  }

  @Get(':id/properties')
  @RequiresPermission('read', 'asset')
  async show(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    await this.sendProperties(asset, user, request, response, formOf(asset));
  }

  @Post(':id/properties')
  @RequiresPermission('update', 'asset')
  async update(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(request);
    try {
      const body = toAssetBody(changesOf(form, asset));
      await this.changes.update(asset, await validateFields(AssetPatch, body), user);
      response.redirect(303, `/assets/${asset.id}/properties?saved`);
    } catch (error) {
      await this.sendProperties(asset, user, request, response, form, problemsOf(error, request));
    }
  }

  @Get(':id/delete')
  @RequiresPermission('delete', 'asset')
  async ask(
    @Resource() asset: DetailedAsset,
    @User() user: ApiUser,
    @Req() request: PageRequest,
    @Res() response: Response,
  ): Promise<void> {
    const content = {
      title: `Delete ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Properties'),
    };
    await this.pages.send(request, response, 'asset-delete.html', content);
  }

  @Post(':id/delete')
  @RequiresPermission('delete', 'asset')
  async delete(@Resource() asset: DetailedAsset, @Res() response: Response): Promise<void> {
    await this.removal.removeAsset(asset.id);
    response.redirect(303, '/assets');
  }

  private async sendNew(
    user: ApiUser,
    request: PageRequest,
    response: Response,
    form: Fields,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const content = {
      title: 'New asset',
      ...{
        form,
        problem,
        reasons,
        ...(await this.choices.of(user)),
        owners: await this.owners.list(user),
      },
      tiles: tilesOf(this.settings.pages),
    };
    await this.pages.send(request, response.set(headers), 'asset-new.html', content, { status });
  }

  private async sendProperties(
    asset: DetailedAsset,
    user: ApiUser,
    request: PageRequest,
    response: Response,
    form: Fields,
    { status = 200, headers = {}, problem, reasons = {} }: Partial<FormProblems> = {},
  ): Promise<void> {
    const content = {
      title: `Edit asset ${asset.name}`,
      asset: await this.headers.of(asset, user, 'Properties'),
      ...{ form, problem, reasons, ...(await this.choices.of(user, asset)) },
      is_saved: request.query['saved'] !== undefined && problem === undefined,
      tiles: tilesOf(this.settings.pages),
      can_update: isAllowed(user, 'update', assetRules(asset)),
      can_delete: isAllowed(user, 'delete', assetRules(asset)),
      can_create_children: isAllowed(user, 'create-children', assetRules(asset)),
    };
    await this.pages.send(request, response.set(headers), 'asset-properties.html', content, { status });
  }
}

/** The fields that were sent. */
const readForm = (request: PageRequest): Partial<AssetForm> =>
  Object.fromEntries(
    ASSET_FIELDS.filter((name) => name in ((request.body ?? {}) as object)).map((name) => [
      name,
      fieldOf(request, name),
    ]),
  );

/** What was sent, without graphs that were not changed: they stay in the form in which they are stored. */
function changesOf(form: Partial<AssetForm>, asset: DetailedAsset): Partial<AssetForm> {
  const { sensors_to_show: shown = '', ...others } = form;
  const isSame = shown.replaceAll('\r\n', '\n').trim() === panelText(getSensorsToShow(asset)).trim();
  return isSame ? others : form;
}

const problemsOf = (error: unknown, request: PageRequest): FormProblems =>
  error instanceof FieldProblem
    ? { status: 422, headers: {}, reasons: { [error.field]: error.message } }
    : formProblems(error, request, ASSET_FIELDS);

/** An asset as the texts of its form. */
function formOf(asset: DetailedAsset): Fields {
  return {
    name: asset.name,
    generic_asset_type_id: String(asset.assetTypeId),
    parent_asset_id: asset.parentAssetId === null ? '' : String(asset.parentAssetId),
    latitude: asset.latitude === null ? '' : String(asset.latitude),
    longitude: asset.longitude === null ? '' : String(asset.longitude),
    description: asset.description ?? '',
    sensors_to_show: panelText(getSensorsToShow(asset)),
    attributes: JSON.stringify(getShownAttributes(asset), undefined, 2),
  };
}
