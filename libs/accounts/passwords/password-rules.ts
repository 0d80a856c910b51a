import { accessSync, constants } from 'node:fs';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ConfigError, SETTINGS, type Settings } from '#lib/config';
import { DomainError, errorMessage } from '#lib/errors';
import { isCommonPassword } from '../model/common-passwords';
import { isBreached } from './breached-passwords';

const MIN_PASSWORD_LENGTH = 8;

/** Which passwords users may choose. */
@Injectable()
export class PasswordRules implements OnModuleInit {
  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'breachedPasswords'>) {}

  /** @throws ConfigError if the list of breached passwords cannot be read */
  onModuleInit(): void {
    const { breachedPasswords: path } = this.settings;
    if (path === undefined) return;
    try {
      accessSync(path, constants.R_OK);
    } catch (error) {
      throw new ConfigError(
        'FLEXMEASURES_BREACHED_PASSWORDS',
        `the file cannot be read (${errorMessage(error)})`,
      );
    }
  }

  /** @throws DomainError USER_INVALID for a password that is too short, too common, or in the list of breached ones */
  async check(password: string): Promise<void> {
    if (password.length < MIN_PASSWORD_LENGTH)
      throw invalid(`A password must have at least ${MIN_PASSWORD_LENGTH} characters.`);
    if (isCommonPassword(password))
      throw invalid('This is one of the most common passwords. Choose one that is harder to guess.');
    const { breachedPasswords: path } = this.settings;
    if (path !== undefined && (await isBreached(password, path)))
      throw invalid('This password is in a list of passwords that were stolen. Choose another one.');
  }
}

const invalid = (message: string): DomainError => new DomainError('USER_INVALID', message, 'password');
