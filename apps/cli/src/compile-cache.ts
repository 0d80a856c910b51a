import module from 'node:module';

/** Keeps compiled code between runs where Node can (22.8 and later): a third of a command's start is compiling. */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = module as { enableCompileCache?: () => unknown };
  enable?.();
}
