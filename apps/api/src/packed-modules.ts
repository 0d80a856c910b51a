import { usePackedModules } from '#lib/packed-modules';

// Imported first, because the modules that are imported after it come from the pack.
usePackedModules('api');
