export { ErrorReports } from './error-reports';
export { openLogs, type Logs, type LogSettings } from './logs';
