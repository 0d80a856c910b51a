/**
 * Condition that is always true, for a statement whose commit does not wait for the disk. The database may lose it in a
 * crash: use it where the same work is then done again.
 */
export const COMMITS_WITHOUT_WAITING = "set_config('synchronous_commit', 'off', true) IS NOT NULL";
