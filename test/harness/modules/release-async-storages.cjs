// Before each test file: releases what the files before it left in the worker.
//
// Node.js 20 copies the value of every AsyncLocalStorage that was ever used to every promise, until `disable` is called.
// Each test file uses some: those of jest itself, and of the code under test. So promises, and with them all tests, would
// become slower with each file.
const { AsyncLocalStorage } = require('node:async_hooks');

const USED = Symbol.for('flexmeasures.test.usedStorages');

if (AsyncLocalStorage[USED] === undefined) {
  AsyncLocalStorage[USED] = new Set();
  for (const method of ['run', 'enterWith']) {
    const original = AsyncLocalStorage.prototype[method];
    AsyncLocalStorage.prototype[method] = function (...args) {
      AsyncLocalStorage[USED].add(this);
      return original.apply(this, args);
    };
  }
}
for (const storage of AsyncLocalStorage[USED]) storage.disable();
AsyncLocalStorage[USED].clear();
