// Calculations that misbehave, for solver threads to carry out.
let count = 0;

module.exports = {
  count: () => ++count,
  loop: () => {
    for (;;);
  },
  leave: () => process.exit(7),
  hoard: () => {
    const hoard = [];
    for (;;) hoard.push(new Array(100_000).fill({}));
  },
  fail: () => {
    throw new Error('no luck');
  },
  refuse: () => {
    const { DomainError } = require('#lib/errors');
    throw new DomainError('REFUSED', 'Not like this.', 'soc-min');
  },
  wait: (ms) => new Promise((resolve) => setTimeout(() => resolve(ms), ms)),
  arrays: ({ prices }) => ({ doubled: prices.map((price) => 2 * price) }),
};
