export { Alerts, type Alert } from './alerts';
export { findTaskProblem, type ExpectedTask } from './task-checks';
