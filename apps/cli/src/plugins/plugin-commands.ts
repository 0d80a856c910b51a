import { Command, InvalidArgumentError, Option } from 'commander';
import { errorMessage } from '#lib/errors';
import type { CommandDefinition, Field } from '#lib/plugin-api';
import { openHost, PluginContexts, readField, type Host, type LoadedPlugin } from '#lib/plugins';
import { withServices } from '../app/services';

/**
 * Adds a group of commands for each plugin that has some. Problems with plugins and settings are printed as warnings, so that the
 * other commands and the help work.
 */
export function addPluginCommands(program: Command): void {
  let host: Host;
  try {
    host = openHost();
  } catch (error) {
    warn(errorMessage(error));
    return;
  }
  for (const { module, failure } of host.plugins.plugins)
    if (failure !== undefined) warn(`Plugin ${module} is not used: ${failure}`);
  for (const plugin of host.plugins.defined) {
    const { cli } = plugin.definition;
    if (!cli) continue;
    if (program.commands.some((one) => one.name() === plugin.name))
      warn(`The commands of plugin ${plugin.name} are left out: there is a group with this name.`);
    else program.addCommand(groupOf(plugin, cli));
  }
}

const warn = (text: string): void => void process.stderr.write(`Warning: ${text}\n`);

function groupOf(
  plugin: LoadedPlugin,
  { description, commands }: { description?: string; commands: readonly CommandDefinition[] },
): Command {
  const group = new Command(plugin.name)
    .description(description ?? `Commands of the plugin ${plugin.name}.`)
    .showHelpAfterError('(add --help for the options)');
  for (const definition of commands) group.addCommand(commandOf(plugin, definition));
  return group;
}

function commandOf(plugin: LoadedPlugin, definition: CommandDefinition): Command {
  const command = new Command(definition.name).description(definition.description ?? '');
  command.showHelpAfterError('(add --help for the options)');
  const options = Object.entries(definition.options ?? {}).map(
    ([name, field]) => [name, optionOf(name, field)] as const,
  );
  for (const [, option] of options) command.addOption(option);
  return command.action(async (given: Record<string, unknown>) => {
    const values = options.map(([name, option]) => [name, given[option.attributeName()]] as const);
    await withServices(async (services) => {
      const context = services(PluginContexts).contextOf(plugin);
      try {
        await definition.run(Object.fromEntries(values), context);
      } catch (error) {
        throw new Error(`${plugin.name} ${definition.name} failed: ${errorMessage(error)}`, { cause: error });
      }
    });
  });
}

/** The option of a field: `maxPower` and `max_power` are `--max-power`. */
function optionOf(name: string, field: Field): Option {
  const kebab = name
    .replaceAll('_', '-')
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replace(/^-/, '');
  const flags =
    field.type === 'flag' ? `--${kebab}` : `--${kebab} <${field.type === 'own' ? 'text' : field.type}>`;
  const option = new Option(flags, field.description);
  if (field.type !== 'flag') option.argParser((text: string) => parse(field, text));
  if (field.required && field.type !== 'flag') option.makeOptionMandatory();
  if (field.default !== undefined) option.default(field.default);
  return option;
}

function parse(field: Field, text: string): unknown {
  try {
    return readField(field, text);
  } catch (error) {
    throw new InvalidArgumentError(errorMessage(error));
  }
}
