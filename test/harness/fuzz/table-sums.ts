import type { Client } from 'pg';

/** Columns that tell who came by, and change with any request. */
const BOOKKEEPING = ['last_seen_at', 'last_login_at', 'current_login_at', 'login_count'];

/** Number and checksum of the rows of every table of a database, bookkeeping of logins aside. */
export async function tableSums(sql: Client): Promise<Record<string, string>> {
  const { rows: tables } = await sql.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await sql.query<{ sum: string }>(
      `SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(row_sum, '' ORDER BY row_sum)), '-') AS sum
       FROM (SELECT md5((to_jsonb(t) - $1::text[])::text) AS row_sum FROM "${name}" t) sums`,
      [BOOKKEEPING],
    );
    sums[name] = rows[0]!.sum;
  }
  return sums;
}
