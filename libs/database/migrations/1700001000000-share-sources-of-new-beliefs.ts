import type { MigrationInterface, QueryRunner } from 'typeorm';
import { insertBeliefsIfNewSql } from './1700000800000-insert-beliefs-if-new';

/** Lets a source or a probability that all new beliefs share be given once: unnest fills up short arrays with NULL. */
export class ShareSourcesOfNewBeliefs1700001000000 implements MigrationInterface {
  name = 'ShareSourcesOfNewBeliefs1700001000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      insertBeliefsIfNewSql({
        sourceId: 'coalesce(source_id, sources[1])',
        probability: 'coalesce(probability, probabilities[1])',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(insertBeliefsIfNewSql({ sourceId: 'source_id', probability: 'probability' }));
  }
}
