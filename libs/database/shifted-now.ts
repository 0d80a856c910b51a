/**
 * The time of the database in SQL, moved by the offset of a clock (`Clock.offsetMs`). The clocks of processes need not agree.
 *
 * @param parameter placeholder of the offset, such as `$3`
 */
export const shiftedNow = (parameter: string): string => `(now() + ${parameter}::float8 * interval '1 ms')`;
