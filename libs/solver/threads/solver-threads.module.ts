import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { SolverPool } from './solver-pool';

@Injectable()
class SolverPoolCloser implements OnApplicationShutdown {
  constructor(private readonly pool: SolverPool) {}

  onApplicationShutdown(): Promise<void> {
    return this.pool.close();
  }
}

/** Moves calculations to threads, for processes that have more to do meanwhile: servers and workers. */
@Global()
@Module({
  providers: [{ provide: SolverPool, useFactory: () => new SolverPool() }, SolverPoolCloser],
  exports: [SolverPool],
})
export class SolverThreadsModule {}
