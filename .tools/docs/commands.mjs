import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The reference of the command line as Markdown, from the definitions of the commands. @param root of the project, built */
export function commandReference(root) {
  const { buildProgram } = createRequire(import.meta.url)(
    join(root, 'dist', 'apps', 'cli', 'src', 'program.js'),
  );
  const program = buildProgram();
  const groups = visible(program).filter((group) => visible(group).length > 0);
  const single = visible(program).filter((command) => visible(command).length === 0);
  return [
    '## Options of every command',
    optionTable(program),
    ...groups.flatMap((group) => [
      `## ${group.name()}`,
      group.description(),
      ...leaves(group).flatMap((command) => describe(command, '###')),
    ]),
    ...single.flatMap((command) => describe(command, '##')),
  ].join('\n\n');
}

const visible = (command) => command.commands.filter((one) => !one._hidden);

const leaves = (command) =>
  visible(command).flatMap((one) => (visible(one).length > 0 ? leaves(one) : [one]));

/** The name as it is typed, without the program. */
const fullName = (command) =>
  command.parent?.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();

function describe(command, heading) {
  const places = command.registeredArguments.map((place) => [`\`${place.name()}\``, place.description]);
  return [
    `${heading} ${fullName(command)}`,
    command.description(),
    `    flexmeasures ${fullName(command)} ${command.usage()}`,
    ...(places.some(([, text]) => text) ? [table(['argument', 'meaning'], places)] : []),
    optionTable(command),
  ].filter((part) => part !== '');
}

function optionTable(command) {
  const rows = command.options
    .filter((option) => !option.hidden)
    .map((option) => [`\`${option.flags}\``, meaning(option)]);
  return rows.length === 0 ? '' : table(['option', 'meaning'], rows);
}

function meaning({ description, mandatory, argChoices, defaultValue, defaultValueDescription }) {
  const shown = defaultValueDescription ?? (defaultValue === undefined ? '' : JSON.stringify(defaultValue));
  const isShown = shown !== '' && shown !== 'false' && shown !== '[]';
  return [
    mandatory ? 'Needed: ' : '',
    description,
    argChoices ? ` (one of: ${argChoices.join(', ')})` : '',
    isShown ? ` (default: ${shown})` : '',
  ].join('');
}

/** A table as Markdown. */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

const cell = (text) => text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
