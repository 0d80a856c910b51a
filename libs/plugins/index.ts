export { routesOfController, type ControllerRoute } from './controller-routes';
export { readField, readFields, schemaOf } from './fields';
export { openHost, type Host } from './host';
export { apiPathOf, listOf, staticPathOf } from './paths';
export { PluginContexts } from './plugin-contexts.service';
export { toPluginAsset, toPluginSensor } from './plugin-data.service';
export { PluginLoader, type LoadedPlugin, type OfferedClass } from './plugin-loader';
export { PluginsModule } from './plugins.module';
