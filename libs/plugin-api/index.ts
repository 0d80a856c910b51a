export * from './plugin';
export { notesOn, type ControllerNotes } from './controllers';
export type { ForecasterRequest, ForecastSensor } from './forecasting';
export type {
  ReporterContext,
  ReporterRequest,
  ReportInput,
  ReportOutput,
  ReportSensor,
  ReportValues,
} from './reporting';
export type {
  PowerEvent,
  PowerSchedule,
  ScheduledSensor,
  SchedulerContext,
  SchedulerRequest,
} from './scheduling';
export { setTaskRecorder, taskWithStatusReport } from './tasks';
export type { TaskRun } from './tasks';
