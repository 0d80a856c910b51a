import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '#lib/config';
import { SolverPool } from './solver-pool';

@Injectable()
class SolverPoolCloser implements OnApplicationShutdown {
  constructor(private readonly pool: SolverPool) {}

  onApplicationShutdown(): Promise<void> {
    return this.pool.close();
  }
}

/** Runs calculations in threads, so that servers and workers can respond meanwhile. */
@Global()
@Module({
  providers: [
    {
      provide: SolverPool,
      inject: [SETTINGS],
      useFactory: ({ solverTimeoutMs }: Pick<Settings, 'solverTimeoutMs'>) =>
        new SolverPool({ hardLimitMs: solverTimeoutMs }),
    },
    SolverPoolCloser,
  ],
  exports: [SolverPool],
})
export class SolverThreadsModule {}
