/** The options of Node.js for a server, the same as of `npm start`. */
export const SMALL_HEAP = ['--max-semi-space-size=8', '--heap-growing-percent=40'];
