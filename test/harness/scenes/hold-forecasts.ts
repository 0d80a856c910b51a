import { Client } from 'pg';

/**
 * Keeps forecast jobs in the queue, as on a host without a worker for forecasts: for tests that need only the data that
 * they posted.
 */
export async function holdForecasts(databaseUri: string): Promise<void> {
  const sql = new Client(databaseUri);
  await sql.connect();
  await sql.query(
    `CREATE FUNCTION hold_forecasts() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN NEW.run_after := 'infinity'; RETURN NEW; END $$`,
  );
  await sql.query(
    `CREATE TRIGGER hold_forecasts BEFORE INSERT ON job FOR EACH ROW
     WHEN (NEW.queue = 'forecasting') EXECUTE FUNCTION hold_forecasts()`,
  );
  await sql.end();
}
