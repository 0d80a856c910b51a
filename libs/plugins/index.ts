export type { ClassReference } from './class-reference';
export { PluginKind, type PluginIdentity } from './plugin-kind';
export { PluginLoader, type PluginClass } from './plugin-loader';
export { PluginsModule } from './plugins.module';
export { Forecaster } from './authors/forecasting';
export type { ForecasterRequest, ForecastSensor } from './authors/forecasting';
export { Scheduler } from './authors/scheduling';
export type {
  PowerEvent,
  PowerSchedule,
  ScheduledSensor,
  SchedulerContext,
  SchedulerRequest,
} from './authors/scheduling';
