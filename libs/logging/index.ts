export { openLogs, type Logs } from './logs';
