export { createCodeCache, usePackedModules } from './packed-modules';
