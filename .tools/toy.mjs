import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, flexmeasures } from './cli.mjs';
import { ensureBuilt, ensureInstalled } from './project.mjs';

const PRICES = [
  10, 11, 12, 15, 18, 17, 10.5, 9, 9.5, 9, 8.5, 10, 8, 5, 4, 4, 5.5, 8, 12, 13, 14, 12.5, 10, 7,
];

const folder = mkdtempSync(join(tmpdir(), 'flexmeasures-toy-'));
const run = (line) => flexmeasures(line, folder);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await ensureInstalled();
await ensureBuilt();

console.log('The toy tutorial: schedule a battery against hourly prices, from an empty machine.');
console.log('Run any of these commands yourself as `npx flexmeasures ...` in this folder.');

const tomorrow = isoDate(new Date(Date.now() + 24 * 3600 * 1000));

run('db upgrade');
const toy = run('add toy-account --kind battery');
const accountId = find(toy, /account --id (\d+)|\(ID: (\d+)\)/);
const power = find(toy, /<Sensor (\d+): discharging/);
const prices = find(toy, /<Sensor (\d+): Day ahead prices/);
const account = run(`show account --id ${accountId}`);
const battery = find(account, /^\s*(\d+)\s+toy-battery/m);
run(`show asset --id ${battery}`);

const rows = PRICES.map((price, hour) => `${tomorrow}T${String(hour).padStart(2, '0')}:00:00,${price}`);
writeFileSync(join(folder, 'prices-tomorrow.csv'), `Hour,Price\n${rows.join('\n')}\n`);
console.log(
  `\n$ cat prices-tomorrow.csv\nHour,Price\n${rows.slice(0, 3).join('\n')}\n... (24 hourly prices)`,
);

run(`add beliefs --sensor-id ${prices} --source toy-user prices-tomorrow.csv --timezone utc`);
run(`show beliefs --sensor-id ${prices} --start ${tomorrow}T01:00:00+01:00 --duration PT24H`);
run(
  `add schedule for-storage --sensor-id ${power} --consumption-price-sensor ${prices} ` +
    `--start ${tomorrow}T07:00+01:00 --duration PT12H --soc-at-start 50% --roundtrip-efficiency 90%`,
);
run(`show beliefs --sensor-id ${power} --start ${tomorrow}T07:00:00+01:00 --duration PT12H`);

console.log(`
Negative values are power taken from the grid: then the battery charges, at the lowest prices of the window.

Next: \`npm start\` starts the server. Log in as toy-user@flexmeasures.io with the password toy-password: prices, the
battery and its schedule are at

  http://localhost:5000/assets/${battery}?first=${tomorrow}&last=${tomorrow}

\`npx flexmeasures db stop\` stops the embedded database.`);

/** The local calendar date, as YYYY-MM-DD. */
function isoDate(date) {
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
