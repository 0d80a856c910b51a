export { PluginLoader } from './plugin-loader';
export { PluginsModule } from './plugins.module';
