/** How UDI events of a version work. */
export interface UdiRules {
  /** Accepted types of events. */
  eventTypes: readonly string[];
  /** Names of the types of assets that can have events. */
  assetTypes: readonly string[];
  /** Whether the field `prior` tells the recording time of the schedule. */
  acceptsPrior: boolean;
  /** Whether two events may be of the same time. */
  allowsEqualTimes: boolean;
  /** Whether the request for a device message waits for the schedule. */
  waitsForSchedule: boolean;
  /** Fields of the flex-model that the version always sends. */
  flexModel: Readonly<Record<string, unknown>>;
}

/** What differs between the versions of the API before version 3. */
export interface VersionRules {
  /** As in paths. */
  name: string;
  /** As in the list of services. */
  number: string;
  /**
   * What the horizon of posted values counts from: the end of each event, or the end of all of them unless the horizon
   * starts with `R/`.
   */
  horizonFrom: 'each-event' | 'last-event';
  /** Whether posted values can have a `prior`. Without prior and horizon they are recorded now, otherwise after each event. */
  acceptsPrior: boolean;
  udi: UdiRules;
}
