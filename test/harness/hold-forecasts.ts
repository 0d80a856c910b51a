import { Client } from 'pg';

/**
 * Lets jobs for forecasts wait for ever, as on a host without a worker for them: for tests that read what they posted,
 * and nothing that follows from it.
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
