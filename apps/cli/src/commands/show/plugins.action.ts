import { openHost, type OfferedClass } from '#lib/plugins';
import { BUILT_IN_REPORTERS } from '#lib/reporting';
import { formatTable } from '../../terminal/table';

/** Prints the schedulers and forecasters that attributes can name. */
export function showSchedulers(): void {
  const { plugins } = openHost();
  const rows = [
    ...plugins.listClasses('computeSchedule').map((one) => rowOf('custom-scheduler', one)),
    ...plugins.listClasses('computeForecast').map((one) => rowOf('custom-forecaster', one)),
  ];
  console.log(
    rows.length === 0
      ? 'No plugin has a scheduler or a forecaster. The built-in ones are used.'
      : formatTable(['Attribute', 'Module', 'Class', 'Author', 'Version'], rows),
  );
}

/** Prints the reporters that `add report` can use. */
export function showReporters(): void {
  const { plugins } = openHost();
  const rows = [
    ...BUILT_IN_REPORTERS.map((one) => ['', one.name, ...identityOf(one.name, one)]),
    ...plugins.listClasses('computeReport').map((one) => rowOf('', one).slice(1)),
  ];
  console.log(formatTable(['Module', 'Class', 'Author', 'Version'], rows));
}

function rowOf(attribute: string, { name, plugin, class: found }: OfferedClass): string[] {
  return [attribute, plugin.module, name, ...identityOf(name, found)];
}

function identityOf(name: string, found: object): string[] {
  const { author, version } = found as { author?: string; version?: string };
  return [author ?? name, version ?? ''];
}

/** Prints the plugins that the settings name. */
export function showPlugins(): void {
  const { plugins } = openHost().plugins;
  const rows = plugins.map(({ name, version, path, module, failure }) => [
    ...[name, version ?? '', path ?? module],
    failure === undefined ? 'used' : `not used: ${failure}`,
  ]);
  console.log(
    rows.length === 0
      ? 'There are no plugins. FLEXMEASURES_PLUGINS names them.'
      : formatTable(['Name', 'Version', 'Place', 'State'], rows),
  );
}
