import { DefaultNamingStrategy, type Table, type NamingStrategyInterface } from 'typeorm';

const tableName = (table: Table | string): string => (typeof table === 'string' ? table : table.name);

/** Gives keys and indexes the default names of PostgreSQL, so that migrations can be plain SQL. */
export class PostgresNaming extends DefaultNamingStrategy implements NamingStrategyInterface {
  override primaryKeyName(table: Table | string): string {
    return `${tableName(table)}_pkey`;
  }

  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${tableName(table)}_${columns.join('_')}_key`;
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${tableName(table)}_${columns.join('_')}_fkey`;
  }

  override indexName(table: Table | string, columns: string[]): string {
    return `${tableName(table)}_${columns.join('_')}_idx`;
  }
}
