// The module `flexmeasures/plugin` for authors of plugins.
export * from './access';
export * from './context';
export { Describes, Requires, type ControllerClass, type ControllerRequest } from './controllers';
export * from './definition';
export * from './events';
export * from './fields';
export * from './replies';
export { Forecaster } from './forecasting';
export { Reporter } from './reporting';
export { Scheduler } from './scheduling';
