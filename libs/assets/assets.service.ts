import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { brokenRule, Transactions, type Listed, type Listing } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { DEFAULT_ASSET_TYPES } from './asset-types';
import { Asset, AssetType, type Attributes } from './asset.entity';
import { ASSET_CREATED, ASSET_DELETED, ASSET_UPDATED } from './assets.events';
import { AssetsRepository, type NewAsset } from './assets.repository';

const LOCATION_DECIMALS = 7;
const MAX_NAME = 80;
const MAX_DESCRIPTION = 255;

/** What can be changed of an asset. */
export type AssetPatchFields = Partial<
  Pick<Asset, 'name' | 'latitude' | 'longitude' | 'assetTypeId' | 'attributes'>
>;

/** Assets and their types. */
@Injectable()
export class AssetsService {
  constructor(
    private readonly assets: AssetsRepository,
    private readonly accounts: AccountsService,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /** Adds the built-in asset types that are missing. */
  ensureDefaultTypes(): Promise<void> {
    return this.assets.ensureTypes(DEFAULT_ASSET_TYPES);
  }

  listTypes(): Promise<AssetType[]> {
    return this.assets.findTypes();
  }

  /** The wanted part of the asset types, by id. */
  pageOfTypes(listing: Listing): Promise<Listed<AssetType>> {
    return this.assets.listTypes(listing);
  }

  /** The type of that name, added with that description unless it exists. */
  async ensureType(name: string, description: string): Promise<AssetType> {
    await this.assets.ensureTypes([[name, description]]);
    const type = await this.assets.findType({ name });
    if (!type) throw new Error(`Asset type ${name} vanished.`);
    return type;
  }

  /** @returns the id. @throws DomainError ASSET_TYPE_EXISTS, ASSET_TYPE_INVALID */
  async createType(name: string, description = ''): Promise<number> {
    if (name.trim() === '' || name.length > MAX_NAME) {
      const message = `The name of an asset type has 1 to ${MAX_NAME} characters.`;
      throw new DomainError('ASSET_TYPE_INVALID', message, 'name');
    }
    if (description.length > MAX_DESCRIPTION) {
      const message = `The description of an asset type has at most ${MAX_DESCRIPTION} characters.`;
      throw new DomainError('ASSET_TYPE_INVALID', message, 'description');
    }
    const id = await this.assets.insertType(name, description);
    if (id !== undefined) return id;
    throw new DomainError('ASSET_TYPE_EXISTS', `An asset type named '${name}' exists already.`, 'name');
  }

  /** @throws DomainError ASSET_NOT_FOUND */
  async get(id: number): Promise<Asset> {
    const asset = await this.assets.findById(id);
    if (!asset) throw new DomainError('ASSET_NOT_FOUND', `There is no asset with id ${id}.`, 'id');
    return asset;
  }

  listByAccount(accountId: number | null): Promise<Asset[]> {
    return this.assets.findByAccount(accountId);
  }

  /** The wanted part of the assets of an account, or of the public ones, by id. */
  page(accountId: number | null, listing: Listing): Promise<Listed<Asset>> {
    return this.assets.list(accountId, listing);
  }

  findByName(name: string, accountId: number | null): Promise<Asset | null> {
    return this.assets.findByName(name, accountId);
  }

  /** Assets with that name, of whatever account. */
  listByName(name: string): Promise<Asset[]> {
    return this.assets.findAllByName(name);
  }

  /** @throws DomainError ASSET_INVALID, ASSET_EXISTS, ASSET_TYPE_NOT_FOUND, ACCOUNT_NOT_FOUND, ASSET_NOT_FOUND */
  create(asset: NewAsset): Promise<Asset> {
    checkFields(asset);
    return this.transactions.run(async () => {
      await this.checkType(asset.assetTypeId);
      if (asset.accountId !== null) await this.accounts.get(asset.accountId);
      if (asset.parentAssetId != null) await this.get(asset.parentAssetId);
      if (await this.assets.findByName(asset.name, asset.accountId)) throw nameTaken(asset);
      const created = await this.assets
        .insert({ ...asset, ...roundedLocation(asset) })
        .catch(explained(asset));
      this.events.emit(ASSET_CREATED, { id: created.id, accountId: created.accountId });
      return created;
    });
  }

  /**
   * Changes the fields that are given.
   * @throws DomainError ASSET_INVALID, ASSET_EXISTS, ASSET_TYPE_NOT_FOUND, ASSET_NOT_FOUND
   */
  update({ id, ...asset }: Asset, patch: AssetPatchFields): Promise<Asset> {
    const given = definedFields(patch);
    const changed = { ...asset, ...given };
    checkFields(changed);
    return this.transactions.run(async () => {
      if (given.assetTypeId !== undefined) await this.checkType(given.assetTypeId);
      const namesake = await this.assets.findByName(changed.name, changed.accountId);
      if (namesake && namesake.id !== id) throw nameTaken(changed);
      const columns = { ...given, ...roundedLocation(given) };
      if (Object.keys(columns).length > 0) {
        await this.assets.update(id, columns).catch(explained(changed));
        this.events.emit(ASSET_UPDATED, { id, fields: Object.keys(columns) });
      }
      return this.get(id);
    });
  }

  /** Attributes of an asset, then of the asset that it is part of, and so on upwards. */
  attributesUpwards(id: number): Promise<Attributes[]> {
    return this.assets.findAttributesUpwards(id);
  }

  /** How many assets each account has, by account id; accounts without assets are left out. */
  countByAccount(): Promise<Map<number, number>> {
    return this.assets.countByAccount();
  }

  /** Ids of the assets and of all that are part of them. */
  findTree(ids: number[]): Promise<number[]> {
    return this.assets.findTree(ids);
  }

  /** As `findTree`; until the running transaction ends, nobody adds sensors or parts to any of them. */
  lockTree(ids: number[]): Promise<number[]> {
    return this.assets.lockTree(ids);
  }

  /** Deletes assets with all that are part of them; the removal of assets takes care of their beliefs first. */
  delete(ids: number[]): Promise<void> {
    return this.transactions.run(async () => {
      const deleted = await this.assets.findTree(ids);
      await this.assets.delete(ids);
      if (deleted.length > 0) this.events.emit(ASSET_DELETED, { ids: deleted });
    });
  }

  /** Deletes all assets, with their sensors, and all asset types. */
  deleteAll(): Promise<void> {
    return this.transactions.run(async () => {
      const ids = await this.assets.findIds();
      await this.assets.deleteAll();
      if (ids.length > 0) this.events.emit(ASSET_DELETED, { ids });
    });
  }

  /** Sets some attributes and leaves the others. */
  setAttributes(id: number, attributes: Attributes): Promise<void> {
    return this.transactions.run(async () => {
      await this.assets.mergeAttributes(id, attributes);
      this.events.emit(ASSET_UPDATED, { id, fields: attributeFields(attributes) });
    });
  }

  private async checkType(id: number): Promise<void> {
    if (await this.assets.findType({ id })) return;
    const message = `GenericAssetType with id ${id} doesn't exist.`;
    throw new DomainError('ASSET_TYPE_NOT_FOUND', message, 'generic_asset_type_id');
  }
}

function nameTaken({ name, accountId }: Pick<Asset, 'name' | 'accountId'>): DomainError {
  const owner = accountId === null ? 'among the public assets' : 'in this account';
  return new DomainError('ASSET_EXISTS', `An asset with the name ${name} already exists ${owner}.`, 'name');
}

function checkFields({ name, latitude, longitude }: NewAsset): void {
  if (name.trim() === '' || name.length > MAX_NAME) {
    throw new DomainError('ASSET_INVALID', `The name of an asset has 1 to ${MAX_NAME} characters.`, 'name');
  }
  checkRange(latitude, 90, 'latitude');
  checkRange(longitude, 180, 'longitude');
  if ((latitude == null) !== (longitude == null)) {
    const field = latitude == null ? 'latitude' : 'longitude';
    throw new DomainError('ASSET_INVALID', 'A location needs both latitude and longitude.', field);
  }
}

function checkRange(value: number | null | undefined, limit: number, field: string): void {
  if (value == null || Math.abs(value) <= limit) return;
  throw new DomainError(
    'ASSET_INVALID',
    `The ${field} lies between -${limit} and ${limit}, not at ${value}.`,
    field,
  );
}

/** What it means that the database refuses an asset: somebody else was faster. */
const explained =
  (asset: Pick<Asset, 'name' | 'accountId'>) =>
  (error: unknown): never => {
    switch (brokenRule(error)) {
      case 'unique':
        throw nameTaken(asset);
      case 'reference':
        throw new DomainError('ASSET_INVALID', 'The account or type of the asset has just been deleted.');
      default:
        throw error;
    }
  };

/** Attributes as fields of an event. */
const attributeFields = (attributes: Attributes): string[] =>
  Object.keys(attributes).map((name) => `attributes.${name}`);

const definedFields = (patch: AssetPatchFields): AssetPatchFields =>
  Object.fromEntries(Object.entries<unknown>(patch).filter(([, value]) => value !== undefined));

/** The part of a location that is given, with the decimals that are kept. */
function roundedLocation({ latitude, longitude }: Partial<NewAsset>): Partial<NewAsset> {
  return {
    ...(latitude !== undefined && { latitude: roundLocation(latitude) }),
    ...(longitude !== undefined && { longitude: roundLocation(longitude) }),
  };
}

const roundLocation = (degrees: number | null): number | null =>
  degrees === null ? null : Number(degrees.toFixed(LOCATION_DECIMALS));
