import { ILike, type FindManyOptions, type FindOperator, type ObjectLiteral, type Repository } from 'typeorm';

/** Which part of a list is wanted; all of it when nothing is said. */
export interface Listing {
  /** Text that the items' names hold, whatever the case. */
  filter?: string;
  /** How many items to leave out at the start. */
  offset?: number;
  /** How many items to give at most. */
  limit?: number;
}

/** A part of a list. */
export interface Listed<T> {
  items: T[];
  /** How many items there are without offset and limit. */
  total: number;
}

/** Condition for texts that hold `part`, whatever the case; %, _ and \ in it mean themselves. */
export const holding = (part: string): FindOperator<string> =>
  ILike(`%${part.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);

/** The part of a list that is wanted; its order must be total, so that pages neither overlap nor leave gaps. */
export async function listed<T extends ObjectLiteral>(
  repository: Repository<T>,
  options: FindManyOptions<T>,
  { offset, limit }: Listing,
): Promise<Listed<T>> {
  if (offset === undefined && limit === undefined) {
    const items = await repository.find(options);
    return { items, total: items.length };
  }
  const [items, total] = await repository.findAndCount({ ...options, skip: offset, take: limit });
  return { items, total };
}
