import { Module, type DynamicModule } from '@nestjs/common';
import type { Host } from '#lib/plugins';
import { CliModule } from './cli.module';

/** The services of all domains, for commands that queue jobs. Jobs go to workers if Redis is configured. */
@Module({})
export class CliJobsModule {
  static async forRoot(host: Host): Promise<DynamicModule> {
    const imports: NonNullable<DynamicModule['imports']> = [CliModule.forRoot(host)];
    if (host.settings.redis) imports.push((await import('#lib/queues/redis')).RedisJobsModule);
    return { module: CliJobsModule, imports };
  }
}
