export const count: unknown;
export const loop: unknown;
export const leave: unknown;
export const hoard: unknown;
export const fail: unknown;
export const refuse: unknown;
export const wait: unknown;
export const arrays: unknown;
