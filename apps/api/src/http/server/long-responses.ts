import { Injectable, Module } from '@nestjs/common';

/** Responses that stay open for as long as the server runs. The shutdown of the server ends them. */
@Injectable()
export class LongResponses {
  private readonly open = new Set<() => void>();

  /** Adds a response. @param end ends it @returns a function that removes it */
  add(end: () => void): () => void {
    this.open.add(end);
    return () => void this.open.delete(end);
  }

  endAll(): void {
    for (const end of [...this.open]) end();
  }
}

/** Provides the long responses of the server. */
@Module({ providers: [LongResponses], exports: [LongResponses] })
export class LongResponsesModule {}
