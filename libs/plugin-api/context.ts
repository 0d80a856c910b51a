/** The user who sent a request. */
export interface PluginUser {
  readonly id: number;
  readonly username: string;
  readonly accountId: number;
  /** Names of user roles. */
  readonly roles: readonly string[];
  /** Names of the roles of the account. */
  readonly accountRoles: readonly string[];
}

export interface PluginAsset {
  readonly id: number;
  readonly name: string;
  /** Name of its type, such as `battery`. */
  readonly type: string;
  /** Null for public assets. */
  readonly accountId: number | null;
  readonly parentAssetId: number | null;
  /** Degrees. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** An asset to add. It is public if it has no account. */
export type NewPluginAsset = Pick<PluginAsset, 'name' | 'type'> &
  Partial<Omit<PluginAsset, 'id' | 'name' | 'type'>>;

export interface PluginSensor {
  readonly id: number;
  readonly name: string;
  readonly assetId: number;
  readonly unit: string;
  /** Length of its events in milliseconds; 0 for instants. */
  readonly resolution: number;
  /** IANA name. */
  readonly timezone: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export type NewPluginSensor = Omit<PluginSensor, 'id' | 'attributes'> &
  Partial<Pick<PluginSensor, 'attributes'>> & {
    /** When values become known: by default when their events end. */
    readonly knowledgeTime?: DayAheadTime;
  };

/** An hour of the day some days before an event: `{ daysBefore: 1, hour: 12, timezone: 'Europe/Paris' }`. */
export interface DayAheadTime {
  readonly daysBefore: number;
  readonly hour: number;
  /** IANA name. The day of the event is its day there. */
  readonly timezone: string;
}

/** A value of an event. */
export interface PluginEvent {
  /** Start of the event. */
  readonly start: Date;
  /** In the unit of the sensor; NaN if unknown. */
  readonly value: number;
}

/** A value to save. */
export interface NewPluginEvent extends PluginEvent {
  /** When this belief was formed, in place of the time for all events. */
  readonly beliefTime?: Date;
}

/** Beliefs to save. */
export interface NewBeliefs {
  /** Name of the data source. */
  readonly source: string;
  readonly events: readonly NewPluginEvent[];
  /** When these beliefs were formed; by default now. */
  readonly beliefTime?: Date;
  /** In place of it, how long before their knowledge time, in milliseconds: 0 for measurements. */
  readonly beliefHorizon?: number;
}

/** Which values to read: events that start in a period, as known at a time. */
export interface BeliefPeriod {
  readonly start: Date;
  /** Exclusive. */
  readonly end: Date;
  /** Only beliefs that were formed by then. */
  readonly beliefsBefore?: Date;
  /** Only beliefs that plugins have saved with this data source. */
  readonly source?: string;
}

/**
 * Assets, sensors and beliefs. In a view or a route, it may do what the user of the request may do, and rejects with an error
 * that becomes a 403 otherwise. In commands and for events, it may do everything.
 */
export interface PluginData {
  /** Rejects if there is none. */
  getAsset(id: number): Promise<PluginAsset>;
  findAsset(name: string, accountId?: number | null): Promise<PluginAsset | undefined>;
  /** The assets that may be read, at most 10,000. */
  listAssets(): Promise<PluginAsset[]>;
  addAsset(asset: NewPluginAsset): Promise<PluginAsset>;
  getSensor(id: number): Promise<PluginSensor>;
  findSensor(assetId: number, name: string): Promise<PluginSensor | undefined>;
  listSensors(assetId: number): Promise<PluginSensor[]>;
  addSensor(sensor: NewPluginSensor): Promise<PluginSensor>;
  /** The latest known value of each event, in the order of time. */
  readValues(sensorId: number, period: BeliefPeriod): Promise<PluginEvent[]>;
  /** Saves beliefs, all or nothing. Repeats of what the source stated before are left out. @returns the number saved */
  saveBeliefs(sensorId: number, beliefs: NewBeliefs): Promise<number>;
}

/** What every handler of a plugin gets. */
export interface PluginContext {
  /** A setting of the plugin, read as its `parse_as` says; undefined if it is not set. */
  setting(name: string): unknown;
  /** Writes to the log of the server, with the name of the plugin. */
  readonly log: PluginLog;
  readonly data: PluginData;
}

export interface PluginLog {
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

/** A request to a view or a route of the API. */
export interface PluginRequest<
  Query = Readonly<Record<string, unknown>>,
  Body = unknown,
> extends PluginContext {
  readonly method: string;
  readonly path: string;
  /** Parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
  /** As the fields of the route say; texts if it names none. */
  readonly query: Query;
  /** As the fields of the route say; otherwise the JSON body, or the fields of a form. */
  readonly body: Body;
  /** Undefined for visitors. */
  readonly user: PluginUser | undefined;
  /** The asset or sensor of `permissionRequiredForContext`; accounts and users have `id` and `name`. */
  readonly resource: PluginAsset | PluginSensor | { id: number; name: string } | undefined;
}
