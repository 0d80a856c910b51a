import { ILike, type FindManyOptions, type FindOperator, type ObjectLiteral, type Repository } from 'typeorm';

/** Selects a part of a list; without fields, the whole list. */
export interface PageRequest {
  /** Text that the names of the items contain; the case does not matter. */
  filter?: string;
  /** Number of items to skip at the start. */
  offset?: number;
  /** Maximum number of items. */
  limit?: number;
}

/** A page of a list. */
export interface ListPage<T> {
  items: T[];
  /** Number of items without offset and limit. */
  total: number;
}

/** A text as part of a pattern of LIKE, in which it stands for itself. */
export const literalPattern = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** Condition for texts that contain `part`, in any case. The characters %, _ and \ in it are literal. */
export const containsText = (part: string): FindOperator<string> => ILike(`%${literalPattern(part)}%`);

/** Finds a page of a list. The order must be unambiguous, so that pages neither overlap nor have gaps. */
export async function findPage<T extends ObjectLiteral>(
  repository: Repository<T>,
  options: FindManyOptions<T>,
  { offset, limit }: PageRequest,
): Promise<ListPage<T>> {
  if (offset === undefined && limit === undefined) {
    const items = await repository.find(options);
    return { items, total: items.length };
  }
  const [items, total] = await repository.findAndCount({ ...options, skip: offset, take: limit });
  return { items, total };
}
