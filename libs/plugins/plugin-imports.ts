import Module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The modules of this package that plugins can import without installing it. */
const entries: Record<string, string> = {
  // For controllers: the decorators of this process, which plugins need not install.
  '@nestjs/common': require.resolve('@nestjs/common'),
  'flexmeasures/forecasting': join(__dirname, '..', 'plugin-api', 'forecasting.js'),
  'flexmeasures/plugin': join(__dirname, '..', 'plugin-api', 'plugin.js'),
  'flexmeasures/reporting': join(__dirname, '..', 'plugin-api', 'reporting.js'),
  'flexmeasures/scheduling': join(__dirname, '..', 'plugin-api', 'scheduling.js'),
  'flexmeasures/tasks': join(__dirname, '..', 'plugin-api', 'tasks.js'),
  'flexmeasures/testing': join(__dirname, '..', 'plugin-api', 'testing.js'),
};

type Resolve = (request: string, ...rest: unknown[]) => string;

/** Hooks of newer Node.js versions, for `import` and `require`. */
interface HookedModule {
  registerHooks?: (hooks: {
    resolve: (
      specifier: string,
      context: object,
      next: (specifier: string, context: object) => unknown,
    ) => unknown;
  }) => void;
  _resolveFilename?: Resolve;
}

let isRegistered = false;

/**
 * Lets plugins in any folder import `flexmeasures/plugin` and the other modules for plugins: they get the same classes as
 * this process. Node.js before 22.15 has no hook for `import`; there, only `require` works.
 */
export function registerPluginImports(): void {
  if (isRegistered) return;
  isRegistered = true;
  const hooked = Module as unknown as HookedModule;
  if (hooked.registerHooks) {
    hooked.registerHooks({
      // The next hook would not find a URL for `require`.
      resolve: (specifier, context, next) =>
        entries[specifier]
          ? { url: pathToFileURL(entries[specifier]).href, format: 'commonjs', shortCircuit: true }
          : next(specifier, context),
    });
    return;
  }
  const original = hooked._resolveFilename?.bind(Module);
  if (!original) return;
  hooked._resolveFilename = (request, ...rest) => entries[request] ?? original(request, ...rest);
}
