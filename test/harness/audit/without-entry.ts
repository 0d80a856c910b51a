const BELIEFS = 'Beliefs name their source, which is the user or the method.';

/** Operations that can succeed without an entry in the audit log, and why. */
export const OPERATIONS_WITHOUT_ENTRY: Record<string, string> = {
  postLatestTaskRun: 'Runs of tasks are a log of their own.',
  postSensorData: BELIEFS,
  postDataOfSensor: BELIEFS,
  uploadDataOfSensor: BELIEFS,
  previewSiteSchedule: 'Previews change nothing.',
  beginTwoFactor: 'The second factor is not used before it is confirmed.',
};

/** Commands that can succeed without an entry in the audit log, and why. */
export const COMMANDS_WITHOUT_ENTRY: Record<string, string> = {
  'add initial-structure': 'Built-in roles and asset types are not changes of the host.',
  'add plugin': 'It writes files and does not use the database.',
  'add beliefs': BELIEFS,
  'add forecasts': BELIEFS,
  'add report': BELIEFS,
};
