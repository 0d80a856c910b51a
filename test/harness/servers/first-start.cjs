// A process that needs the generated key. For each message { home, at, watches } it asks for the key of that home, and
// answers with the key or the reason why there is none: at that moment (epoch ms), together with others that got the same
// message, or as soon as it sees the key's file, which another process is just making.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { secretKey } = require('../../../dist/libs/accounts/passwords/secrets.js');

const LONGEST_WATCH_MS = 5000;

process.on('message', ({ home, at, watches }) => {
  const file = join(home, 'secret_key');
  while (Date.now() < at);
  if (watches) while (!existsSync(file) && Date.now() < at + LONGEST_WATCH_MS);
  try {
    process.send({ key: secretKey({ home }) });
  } catch (error) {
    process.send({ reason: error.message });
  }
});
process.send('ready');
