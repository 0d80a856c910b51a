import { usePackedModules } from '#lib/packed-modules';
import { mayHavePlugins } from '#lib/plugins/presence';

// Imported first, because the modules that are imported after it come from the pack.
usePackedModules('api', !mayHavePlugins());
