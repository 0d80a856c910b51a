import { Injectable } from '@nestjs/common';
import { AccountsService } from '#lib/accounts';
import { isAllowed, type Actor } from '#lib/accounts/model';
import { violatedConstraint, Transactions, type ListPage, type PageRequest } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { assetRules } from './access-rules';
import { DEFAULT_ASSET_TYPES } from './asset-types';
import { AssetType, type DetailedAsset, type Attributes } from './asset.entity';
import { CHECKED_FIELDS, checkFields } from './asset-fields';
import { AssetTree, nameExistsError } from './asset-tree.service';
import {
  ASSET_CREATED,
  ASSET_DELETED,
  ASSET_TYPE_CREATED,
  ASSET_TYPE_DELETED,
  ASSET_UPDATED,
} from './assets.events';
import { AssetsRepository, type AssetOwner, type NewAsset } from './assets.repository';
import { AttributeRules } from './attribute-rules';
import { withFieldOfAttribute } from './sensors-to-show-alias';

const MAX_NAME = 80;
const MAX_DESCRIPTION = 255;
/** The largest value of the id column. */
const MAX_ID = 2_147_483_647;

/** Columns with JSON besides the attributes, and their names in the API. */
const JSON_COLUMNS = [
  ['flexContext', 'flex_context'],
  ['flexModel', 'flex_model'],
  ['sensorsToShow', 'sensors_to_show'],
  ['sensorsToShowAsKpis', 'sensors_to_show_as_kpis'],
] as const;

/** The fields of an asset that can be changed. */
export type AssetPatchFields = Partial<Omit<NewAsset, 'accountId'>>;

/** A reference to an asset, and the path of the field that contains it. */
export interface AssetReference {
  id: number;
  field: string;
}

/** Assets and their types. */
@Injectable()
export class AssetsService {
  constructor(
    private readonly assets: AssetsRepository,
    private readonly tree: AssetTree,
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
    return this.transactions.run(async () => {
      const id = await this.assets.insertType(name, description);
      if (id === undefined)
        throw new DomainError('ASSET_TYPE_EXISTS', `An asset type named '${name}' already exists.`, 'name');
      this.events.emit(ASSET_TYPE_CREATED, { id, name });
      return id;
    });
  }

  /** @throws DomainError ASSET_NOT_FOUND */
  async get(id: number): Promise<DetailedAsset> {
    const asset = await this.assets.findById(id);
    if (!asset) throw new DomainError('ASSET_NOT_FOUND', `There is no asset with id ${id}.`, 'id');
    return asset;
  }

  /** The asset with this id; null if there is none. */
  find(id: number): Promise<DetailedAsset | null> {
    return this.assets.findById(id);
  }

  /** The assets with these ids that exist, ordered by id. */
  listByIds(ids: readonly number[]): Promise<DetailedAsset[]> {
    return this.assets.findByIds(ids);
  }

  /** Ids and accounts of the assets with these ids that exist, in any order. */
  async listOwners(ids: readonly number[]): Promise<AssetOwner[]> {
    const wanted = [...new Set(ids)].filter((id) => id <= MAX_ID);
    return wanted.length === 0 ? [] : this.assets.findOwners(wanted);
  }

  /**
   * Locks and returns the assets whose stored flexibility, or whose sensors to show, contain one of the numbers, such as the id
   * of a sensor. Call it in a transaction.
   */
  listWithNumbers(where: 'flexibility' | 'shown', numbers: number[]): Promise<DetailedAsset[]> {
    return this.assets.findWithNumbers(where, numbers);
  }

  /**
   * Checks references to assets.
   * @param actor who refers to them; undefined for the host
   * @returns the references to assets that do not exist
   * @throws DomainError NOT_PERMITTED with the field of an asset that the actor cannot read
   */
  async checkReferences(references: readonly AssetReference[], actor?: Actor): Promise<AssetReference[]> {
    const found = await this.listOwners(references.map(({ id }) => id));
    const assets = new Map(found.map((asset) => [asset.id, asset]));
    for (const { id, field } of references) {
      const asset = assets.get(id);
      if (!actor || !asset || isAllowed(actor, 'read', assetRules(asset))) continue;
      throw new DomainError('NOT_PERMITTED', `${field}: you may not read asset ${id}.`, field);
    }
    return references.filter(({ id }) => !assets.has(id));
  }

  listByAccount(accountId: number | null): Promise<DetailedAsset[]> {
    return this.assets.findByAccount(accountId);
  }

  findByName(name: string, accountId: number | null): Promise<DetailedAsset | null> {
    return this.assets.findByName(name, accountId);
  }

  /** Assets with this name, of all accounts. */
  listByName(name: string): Promise<DetailedAsset[]> {
    return this.assets.findAllByName(name);
  }

  /**
   * Flexibility is stored as it is: libs/scheduling checks it.
   * @throws DomainError ASSET_INVALID, ASSET_EXISTS, EXTERNAL_ID_EXISTS, ASSET_TYPE_NOT_FOUND, ACCOUNT_NOT_FOUND,
   *   PARENT_ASSET_INVALID, or as `AttributeRules.check`
   */
  async create(asset: NewAsset): Promise<DetailedAsset> {
    checkFields(asset);
    this.attributeRules.check(asset.attributes ?? {});
    this.checkSizes(asset);
    return this.transactions.run(async () => {
      await this.checkType(asset.assetTypeId);
      if (asset.accountId !== null) await this.accounts.get(asset.accountId);
      await this.tree.checkParent(asset);
      await this.tree.checkName(asset);
      await this.checkExternalId(asset);
      const created = await this.assets.insert(asset).catch(toDomainError(asset));
      this.events.emit(ASSET_CREATED, { id: created.id, accountId: created.accountId });
      return this.get(created.id);
    });
  }

  /**
   * Changes the fields that are given. A new parent moves the asset with everything below it.
   * @throws DomainError ASSET_INVALID, ASSET_EXISTS, EXTERNAL_ID_EXISTS, ASSET_TYPE_NOT_FOUND, PARENT_ASSET_INVALID,
   *   ASSET_NOT_FOUND, or as `AttributeRules.check`
   */
  async update({ id, ...asset }: DetailedAsset, patch: AssetPatchFields): Promise<DetailedAsset> {
    const given = withFieldOfAttribute(definedFields(patch), asset);
    const changed = { ...asset, ...given };
    // An asset that SQL wrote may have a location that is not accepted. Its other fields can change.
    if (CHECKED_FIELDS.some((name) => given[name] !== undefined)) checkFields(changed);
    if (given.attributes) this.attributeRules.check(given.attributes, asset.attributes);
    this.checkSizes(given);
    return this.transactions.run(async () => {
      if (given.assetTypeId !== undefined) await this.checkType(given.assetTypeId);
      if (given.parentAssetId !== undefined) await this.tree.checkParent(changed, id);
      if (given.name !== undefined || given.parentAssetId !== undefined)
        await this.tree.checkName(changed, id);
      if (given.externalId !== undefined) await this.checkExternalId(changed, id);
      if (Object.keys(given).length > 0) {
        await this.assets.update(id, given).catch(toDomainError(changed));
        this.events.emit(ASSET_UPDATED, { id, fields: Object.keys(given) });
      }
      return this.get(id);
    });
  }

  /** How many assets each account has, by account id. Accounts without assets are not included. */
  countByAccount(): Promise<Map<number, number>> {
    return this.assets.countByAccount();
  }

  /** Deletes assets and all their descendants. libs/administration removes their beliefs first. */
  delete(ids: number[]): Promise<void> {
    return this.transactions.run(async () => {
      const deleted = await this.tree.findTree(ids);
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
      this.events.emit(ASSET_TYPE_DELETED, {});
    });
  }

  /**
   * Sets some attributes as a user asks, and keeps the others.
   * @throws DomainError ASSET_NOT_FOUND, or as `AttributeRules.check`
   */
  changeAttributes(id: number, attributes: Attributes): Promise<void> {
    return this.transactions.run(async () => {
      const asset = await this.get(id);
      const { attributes: before } = asset;
      this.attributeRules.check({ ...before, ...attributes }, before);
      await this.setAttributes(id, attributes);
      const change: AssetPatchFields = { attributes };
      const { sensorsToShow } = withFieldOfAttribute(change, asset);
      if (sensorsToShow !== undefined) await this.assets.update(id, { sensorsToShow });
    });
  }

  /** Sets some attributes that the software itself writes, and keeps the others. */
  setAttributes(id: number, attributes: Attributes): Promise<void> {
    return this.transactions.run(async () => {
      await this.assets.mergeAttributes(id, attributes);
      this.events.emit(ASSET_UPDATED, { id, fields: toFieldNames(attributes) });
    });
  }

  /** @throws DomainError ATTRIBUTES_TOO_LARGE */
  private checkSizes(asset: AssetPatchFields): void {
    for (const [column, field] of JSON_COLUMNS)
      if (asset[column]) this.attributeRules.checkSize(asset[column], field);
  }

  /** @throws DomainError EXTERNAL_ID_EXISTS if another asset of the account has the external id */
  private async checkExternalId({ accountId, externalId }: NewAsset, id?: number): Promise<void> {
    if (externalId == null || accountId === null) return;
    const other = await this.assets.findByExternalId(externalId, accountId);
    if (!other || other.id === id) return;
    throw externalIdExistsError({ externalId });
  }

  private async checkType(id: number): Promise<void> {
    if (await this.assets.findType({ id })) return;
    const message = `GenericAssetType with id ${id} doesn't exist.`;
    throw new DomainError('ASSET_TYPE_NOT_FOUND', message, 'generic_asset_type_id');
  }
}

/** Replaces a constraint error, which a concurrent change causes, by the matching domain error. */
const toDomainError =
  (asset: NewAsset) =>
  (error: unknown): never => {
    switch (violatedConstraint(error)) {
      case 'unique':
        throw isOfExternalId(error) ? externalIdExistsError(asset) : nameExistsError(asset);
      case 'reference':
        throw new DomainError(
          'ASSET_INVALID',
          'The account, type or parent of the asset was deleted meanwhile.',
        );
      default:
        throw error;
    }
  };

const isOfExternalId = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && String(error.constraint).includes('external_id');

const externalIdExistsError = ({ externalId }: Pick<NewAsset, 'externalId'>): DomainError =>
  new DomainError(
    'EXTERNAL_ID_EXISTS',
    `Another asset of this account has the external id ${externalId}.`,
    'external_id',
  );

/** Attribute names as field names of an event. */
const toFieldNames = (attributes: Attributes): string[] =>
  Object.keys(attributes).map((name) => `attributes.${name}`);

const definedFields = (patch: AssetPatchFields): AssetPatchFields =>
  Object.fromEntries(Object.entries<unknown>(patch).filter(([, value]) => value !== undefined));
