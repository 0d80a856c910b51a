// Test environment of tests of the built product: all test files of a worker share the modules of it and of packages.
//
// jest gives each test file a context with modules of its own. Loading the server's 1,900 modules again for each file
// takes more time than many tests. Here test files run in the worker's own context, and their imports of the product and of
// packages are resolved by Node.js (shared-transform.cjs). Only test/ and specs are loaded again for each file.
const { createRequire } = require('node:module');
const vm = require('node:vm');
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Stands for the worker's own context, which `vm` has no object for. */
const OWN_CONTEXT = {};

const { compileFunction } = vm;
vm.compileFunction = (code, parameters, options) =>
  compileFunction(
    code,
    parameters,
    options?.parsingContext === OWN_CONTEXT ? { ...options, parsingContext: undefined } : options,
  );

/** Where the modules that replace others find the `require` of Node.js; see shared-transform.cjs. */
const SHARED_REQUIRE = Symbol.for('flexmeasures.test.require');

/**
 * What jest keeps of a test file in the global object: it would tell both this and the next file of each event, and the next
 * file would have the time limit and the repeats of this one.
 */
const KEPT_BY_JEST =
  /^(EVENT_HANDLERS|JEST_STATE_SYMBOL|TEST_TIMEOUT_SYMBOL|(LOG_ERRORS_BEFORE|WAIT_BEFORE)_RETRY|RETRY_[A-Z_]+)$/;

module.exports = class SharedEnvironment {
  constructor({ projectConfig: config }) {
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    const timers = { config, global: globalThis, moduleMocker: this.moduleMocker };
    this.fakeTimers = new LegacyFakeTimers({
      ...timers,
      timerConfig: { idToRef: (id) => id, refToId: (ref) => ref },
    });
    this.fakeTimersModern = new ModernFakeTimers(timers);
  }

  setup() {
    globalThis[SHARED_REQUIRE] = createRequire(__filename);
    this.variables = { ...process.env };
    this.exit = process.exit;
    this.exitCode = process.exitCode;
    this.folder = process.cwd();
  }

  teardown() {
    delete globalThis[SHARED_REQUIRE];
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    for (const name of Object.keys(process.env)) {
      if (!(name in this.variables)) delete process.env[name];
    }
    Object.assign(process.env, this.variables);
    // jest wraps it for each test file, to tell which one ends the process.
    process.exit = this.exit;
    process.exitCode = this.exitCode;
    process.chdir(this.folder);
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (KEPT_BY_JEST.test(symbol.description)) delete globalThis[symbol];
    }
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return OWN_CONTEXT;
  }
};
