import { describePlaces, findIneffective, findMissing, maskedValue } from '#lib/config';
import { openHost } from '#lib/plugins';
import { formatTable } from '../../terminal/table';

/** Prints the settings that are set, or all, with where they come from; then what is missing and what has no effect. */
export function showConfig({ all = false }: { all?: boolean }): void {
  const { source } = openHost();
  console.log(`${describePlaces(source)}\n`);
  const rows = source.knownNames.flatMap((name) => {
    const origin = source.originOf(name);
    if (origin === undefined) return all ? [[name, '', 'default']] : [];
    return [[name, maskedValue(source, name), origin]];
  });
  console.log(rows.length === 0 ? 'No settings are set.' : formatTable(['Setting', 'Value', 'From'], rows));
  const missing = findMissing(source);
  if (missing.length > 0) console.log(`\nNot set: ${missing.join(', ')}.`);
  const ineffective = findIneffective(source);
  if (ineffective.length > 0) console.log(`\n${ineffective.join('\n')}`);
  if (!all)
    console.log('\ndocs/configuration.md has the defaults. --all lists the settings that are not set, too.');
}
