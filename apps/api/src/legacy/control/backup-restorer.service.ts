import { join } from 'node:path';
import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { BELIEFS_DELETED } from '#lib/beliefs';
import { SETTINGS, type Settings } from '#lib/config';
import { getDatabaseUri, Transactions } from '#lib/database';
import { DomainError } from '#lib/errors';
import { Events } from '#lib/events';
import { noBackup, unrecognizedBackup } from '../messages/rejections';

/** What makes a backup unusable, whatever is in the database. */
const UNUSABLE = ['BACKUP_NOT_FOUND', 'BACKUP_INVALID', 'BACKUP_UNKNOWN_PARTS'];

/** Restores the database to a backup of `flexmeasures db-ops save`, while the server runs, in play mode. */
@Injectable()
export class BackupRestorer {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly transactions: Transactions,
    private readonly events: Events,
  ) {}

  /**
   * Replaces all data by that of a backup, in one transaction.
   * @returns the name of the backup
   * @throws NotFoundException outside play mode; ApiError NO_BACKUP, UNRECOGNIZED_BACKUP
   */
  async restore(name: unknown): Promise<string> {
    if (this.settings.mode !== 'play') throw new NotFoundException();
    if (name === undefined) throw noBackup();
    const { isBackupName, loadDatabase } = await import('#lib/database/backups');
    if (typeof name !== 'string' || !isBackupName(name)) throw unrecognizedBackup();
    const uri = await getDatabaseUri(this.settings);
    const folder = join(this.settings.operations.backupFolder, name);
    // Servers go on reading events, so that their tables stay.
    await loadDatabase(uri, folder, { replaces: true, keepsServerTables: true }).catch((error: unknown) => {
      throw error instanceof DomainError && UNUSABLE.includes(error.code)
        ? unrecognizedBackup(error.message)
        : error;
    });
    // Fitted models are removed in all processes.
    await this.transactions.run(() => {
      this.events.emit(BELIEFS_DELETED, {});
      return Promise.resolve();
    });
    return name;
  }
}
