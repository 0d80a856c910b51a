// Replaces a module outside test/ and specs by what Node.js loads for it, once for all test files of a worker: packages as they
// are, modules of the product as built in dist/.
const { createHash } = require('node:crypto');
const { join, relative } = require('node:path');

const root = join(__dirname, '../../..');

/** Only within a test file. jest also transforms modules of its own, and the global set-up, which Node.js loads anyway. */
const isInTestFile = () => Symbol.for('flexmeasures.test.require') in globalThis;

const loadedPath = (path) => {
  const name = relative(root, path);
  return /^(apps|libs)[\\/]/.test(name) ? join(root, 'dist', name.replace(/\.ts$/, '.js')) : path;
};

module.exports = {
  process: (source, path) => ({
    code: isInTestFile()
      ? `module.exports = globalThis[Symbol.for('flexmeasures.test.require')](${JSON.stringify(loadedPath(path))});`
      : source,
  }),
  getCacheKey: (source, path) =>
    createHash('sha256').update(`${isInTestFile()}\0${path}\0${source}`).digest('hex'),
};
