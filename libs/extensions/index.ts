export type { ClassReference } from './class-reference';
export { ExtensionKind, type ExtensionIdentity } from './extension-kind';
export { ExtensionRegistry, type ExtensionClass } from './extension-registry';
export { ExtensionsModule } from './extensions.module';
