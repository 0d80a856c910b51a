import module from 'node:module';

/** Caches compiled code on disk, if Node supports it (22.8 and later): compiling is a third of the start-up time. */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = module as { enableCompileCache?: () => unknown };
  enable?.();
}
