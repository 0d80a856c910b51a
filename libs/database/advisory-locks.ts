/** Keys of the advisory locks of PostgreSQL. They are in one place, because each must be different. */
export const ADVISORY_LOCKS = {
  /** Upgrades of the schema. */
  migrations: 7_032_012,
  /** Changes of the partitions of beliefs. */
  partitions: 7_032_013,
  /** Renumbering of events. */
  events: 7_032_014,
  /** Open jobs of an account; the second key is its id. */
  openJobs: 7_032_015,
  /** Moves of assets in the trees of an account, so that concurrent moves make no cycle; the second key is its id. */
  assetTree: 7_032_020,
  /** Requests with idempotency keys; the second key is a hash. */
  idempotencyKeys: 7_032_024,
} as const;
