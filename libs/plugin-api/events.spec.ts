import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_NAMES } from './events';

it('offers plugins exactly the events of the documentation', () => {
  const document = readFileSync(join(__dirname, '..', '..', 'docs', 'events.md'), 'utf8');
  const [, rest = ''] = document.split('## List of events');
  const [table = ''] = rest.split('## ');
  const cells = Array.from(table.matchAll(/^\| (`[^|]+) \|/gm), ([, cell]) => cell!);
  const names = cells.flatMap((cell) =>
    Array.from(cell.matchAll(/`([a-z-]+\.[a-z]+)`/g), ([, name]) => name!),
  );
  expect([...EVENT_NAMES].sort()).toEqual(names.sort());
});
