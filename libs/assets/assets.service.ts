import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { violatedConstraint, Transactions, type ListPage, type PageRequest } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { DEFAULT_ASSET_TYPES } from './asset-types';
import { Asset, AssetType, type Attributes } from './asset.entity';
import { ASSET_CREATED, ASSET_DELETED, ASSET_UPDATED } from './assets.events';
import { AssetsRepository, type AssetListing, type NewAsset } from './assets.repository';
import { AttributeRules } from './attribute-rules';

const LOCATION_DECIMALS = 7;
const MAX_NAME = 80;
const MAX_DESCRIPTION = 255;

/** The fields of an asset that can be changed. */
export type AssetPatchFields = Partial<
  Pick<Asset, 'name' | 'latitude' | 'longitude' | 'assetTypeId' | 'attributes'>
>;

/** Assets and their types. */
@Injectable()
export class AssetsService {
  constructor(
    private readonly assets: AssetsRepository,
    private readonly accounts: AccountsService,
    private readonly attributeRules: AttributeRules,
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

  /** A page of the asset types, ordered by id. */
  pageTypes(listing: PageRequest): Promise<ListPage<AssetType>> {
    return this.assets.listTypes(listing);
  }

  /** The asset type with this name. It is added with this description if it does not exist. */
  async ensureType(name: string, description: string): Promise<AssetType> {
    await this.assets.ensureTypes([[name, description]]);
    const type = await this.assets.findType({ name });
    if (!type) throw new Error(`Asset type ${name} was deleted meanwhile.`);
    return type;
  }

  /** @returns the id. @throws DomainError ASSET_TYPE_EXISTS, ASSET_TYPE_INVALID */
  async createType(name: string, description = ''): Promise<number> {
    if (name.trim() === '' || name.length > MAX_NAME) {
      const message = `The name of an asset type must have 1 to ${MAX_NAME} characters.`;
      throw new DomainError('ASSET_TYPE_INVALID', message, 'name');
    }
    if (description.length > MAX_DESCRIPTION) {
      const message = `The description of an asset type must have at most ${MAX_DESCRIPTION} characters.`;
      throw new DomainError('ASSET_TYPE_INVALID', message, 'description');
    }
    const id = await this.assets.insertType(name, description);
    if (id !== undefined) return id;
    throw new DomainError('ASSET_TYPE_EXISTS', `An asset type named '${name}' already exists.`, 'name');
  }

  /** @throws DomainError ASSET_NOT_FOUND */
  async get(id: number): Promise<Asset> {
    const asset = await this.assets.findById(id);
    if (!asset) throw new DomainError('ASSET_NOT_FOUND', `There is no asset with id ${id}.`, 'id');
    return asset;
  }

  /** The asset with this id; null if there is none. */
  find(id: number): Promise<Asset | null> {
    return this.assets.findById(id);
  }

  listByAccount(accountId: number | null): Promise<Asset[]> {
    return this.assets.findByAccount(accountId);
  }

  /** A page of the assets of an account, or of the public assets (null), ordered by id. */
  page(accountId: number | null, listing: AssetListing): Promise<ListPage<Asset>> {
    return this.assets.list(accountId, listing);
  }

  findByName(name: string, accountId: number | null): Promise<Asset | null> {
    return this.assets.findByName(name, accountId);
  }

  /** Assets with this name, of all accounts. */
  listByName(name: string): Promise<Asset[]> {
    return this.assets.findAllByName(name);
  }

  /**
   * @throws DomainError ASSET_INVALID, ASSET_EXISTS, ASSET_TYPE_NOT_FOUND, ACCOUNT_NOT_FOUND, ASSET_NOT_FOUND, or as
   * `AttributeRules.check`
   */
  async create(asset: NewAsset): Promise<Asset> {
    checkFields(asset);
    this.attributeRules.check(asset.attributes ?? {});
    return this.transactions.run(async () => {
      await this.checkType(asset.assetTypeId);
      if (asset.accountId !== null) await this.accounts.get(asset.accountId);
      if (asset.parentAssetId != null) await this.get(asset.parentAssetId);
      if (await this.assets.findByName(asset.name, asset.accountId)) throw nameExistsError(asset);
      const created = await this.assets.insert(asset).catch(toDomainError(asset));
      this.events.emit(ASSET_CREATED, { id: created.id, accountId: created.accountId });
      return created;
    });
  }

  /**
   * Changes the fields that are given.
   * @throws DomainError ASSET_INVALID, ASSET_EXISTS, ASSET_TYPE_NOT_FOUND, ASSET_NOT_FOUND, or as `AttributeRules.check`
   */
  async update({ id, ...asset }: Asset, patch: AssetPatchFields): Promise<Asset> {
    const given = definedFields(patch);
    const changed = { ...asset, ...given };
    checkFields(changed);
    if (given.attributes) this.attributeRules.check(given.attributes, asset.attributes);
    return this.transactions.run(async () => {
      if (given.assetTypeId !== undefined) await this.checkType(given.assetTypeId);
      const namesake = await this.assets.findByName(changed.name, changed.accountId);
      if (namesake && namesake.id !== id) throw nameExistsError(changed);
      if (Object.keys(given).length > 0) {
        await this.assets.update(id, given).catch(toDomainError(changed));
        this.events.emit(ASSET_UPDATED, { id, fields: Object.keys(given) });
      }
      return this.get(id);
    });
  }

  /** The attributes of an asset, then those of its parent, and so on up to the root. */
  findAttributesUpToRoot(id: number): Promise<Attributes[]> {
    return this.assets.findAttributesUpToRoot(id);
  }

  /** How many assets each account has, by account id. Accounts without assets are not included. */
  countByAccount(): Promise<Map<number, number>> {
    return this.assets.countByAccount();
  }

  /** Ids of the assets and of all their descendants. */
  findTree(ids: number[]): Promise<number[]> {
    return this.assets.findTree(ids);
  }

  /** As `findTree`; also locks the assets: until the transaction ends, nobody else adds sensors or children to them. */
  lockTree(ids: number[]): Promise<number[]> {
    return this.assets.lockTree(ids);
  }

  /** Deletes assets and all their descendants. libs/administration removes their beliefs first. */
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

  /**
   * Sets some attributes as a user asks, and keeps the others.
   * @throws DomainError ASSET_NOT_FOUND, or as `AttributeRules.check`
   */
  changeAttributes(id: number, attributes: Attributes): Promise<void> {
    return this.transactions.run(async () => {
      const { attributes: before } = await this.get(id);
      this.attributeRules.check({ ...before, ...attributes }, before);
      await this.setAttributes(id, attributes);
    });
  }

  /** Sets some attributes that the software itself writes, and keeps the others. */
  setAttributes(id: number, attributes: Attributes): Promise<void> {
    return this.transactions.run(async () => {
      await this.assets.mergeAttributes(id, attributes);
      this.events.emit(ASSET_UPDATED, { id, fields: toFieldNames(attributes) });
    });
  }

  private async checkType(id: number): Promise<void> {
    if (await this.assets.findType({ id })) return;
    const message = `GenericAssetType with id ${id} doesn't exist.`;
    throw new DomainError('ASSET_TYPE_NOT_FOUND', message, 'generic_asset_type_id');
  }
}

function nameExistsError({ name, accountId }: Pick<Asset, 'name' | 'accountId'>): DomainError {
  const owner = accountId === null ? 'among the public assets' : 'in this account';
  return new DomainError('ASSET_EXISTS', `An asset with the name ${name} already exists ${owner}.`, 'name');
}

function checkFields({ name, latitude, longitude }: NewAsset): void {
  if (name.trim() === '' || name.length > MAX_NAME) {
    throw new DomainError(
      'ASSET_INVALID',
      `The name of an asset must have 1 to ${MAX_NAME} characters.`,
      'name',
    );
  }
  checkDegrees(latitude, 90, 'latitude');
  checkDegrees(longitude, 180, 'longitude');
  if ((latitude == null) !== (longitude == null)) {
    const field = latitude == null ? 'latitude' : 'longitude';
    throw new DomainError('ASSET_INVALID', 'A location needs both latitude and longitude.', field);
  }
}

function checkDegrees(value: number | null | undefined, limit: number, field: string): void {
  if (value == null) return;
  if (!(Math.abs(value) <= limit)) {
    const message = `The ${field} must be between -${limit} and ${limit}. It is ${value}.`;
    throw new DomainError('ASSET_INVALID', message, field);
  }
  if (Number(value.toFixed(LOCATION_DECIMALS)) !== value) {
    const message = `Latitudes and longitudes are limited to ${LOCATION_DECIMALS} decimal places.`;
    throw new DomainError('ASSET_INVALID', message, field);
  }
}

/** Replaces a constraint error, which a concurrent change causes, by the matching domain error. */
const toDomainError =
  (asset: Pick<Asset, 'name' | 'accountId'>) =>
  (error: unknown): never => {
    switch (violatedConstraint(error)) {
      case 'unique':
        throw nameExistsError(asset);
      case 'reference':
        throw new DomainError('ASSET_INVALID', 'The account or type of the asset was deleted meanwhile.');
      default:
        throw error;
    }
  };

/** Attribute names as field names of an event. */
const toFieldNames = (attributes: Attributes): string[] =>
  Object.keys(attributes).map((name) => `attributes.${name}`);

const definedFields = (patch: AssetPatchFields): AssetPatchFields =>
  Object.fromEntries(Object.entries<unknown>(patch).filter(([, value]) => value !== undefined));
