export { closeOnSignals } from './close-on-signals';
export { ErrorReports } from './error-reports';
export { openLogs, type Logs, type LogSettings } from './logs';
