import Module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What plugins may import of this package without installing it. */
const entries: Record<string, string> = {
  'flexmeasures/forecasting': join(__dirname, '..', 'plugin-api', 'forecasting.js'),
  'flexmeasures/scheduling': join(__dirname, '..', 'plugin-api', 'scheduling.js'),
};

type Resolve = (request: string, ...rest: unknown[]) => string;

/** Hooks of newer versions of Node.js; they hold for `import` as well as for `require`. */
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

let isOpen = false;

/**
 * Lets modules anywhere on this machine import what plugins are made of, such as `flexmeasures/scheduling`: they get
 * the very classes of this process. Older versions of Node.js (before 22.15) have no hook for `import`, so there this
 * holds for `require` only.
 */
export function openEntries(): void {
  if (isOpen) return;
  isOpen = true;
  const hooked = Module as unknown as HookedModule;
  if (hooked.registerHooks) {
    hooked.registerHooks({
      resolve: (specifier, context, next) =>
        next(entries[specifier] ? pathToFileURL(entries[specifier]).href : specifier, context),
    });
    return;
  }
  const original = hooked._resolveFilename?.bind(Module);
  if (!original) return;
  hooked._resolveFilename = (request, ...rest) => entries[request] ?? original(request, ...rest);
}
