import type { ExtensionClass } from '#lib/extensions';
import { ExtensionKind, type ExtensionRegistry } from '#lib/extensions';
import type { Reporter, ReporterRequest } from '#lib/plugin-api';
import { AggregatorReporter } from './aggregator-reporter';

/** Reporters: classes with a method `computeReport`. */
export const REPORTERS = new ExtensionKind('reporter', 'computeReport', 'REPORTER_FAILED');

export type ReporterClass = (new (request: ReporterRequest) => Reporter) &
  Pick<typeof Reporter, 'author' | 'version'>;

/** The reporters that need no plugin. */
export const BUILT_IN_REPORTERS: readonly ReporterClass[] = [AggregatorReporter];

/**
 * The reporter with a name. A plugin can be named before it: `our_reports:MonthlyReporter`.
 * @throws DomainError PLUGIN_NOT_FOUND, PLUGIN_CLASS_NOT_FOUND, PLUGIN_FAILED
 */
export function findReporter(
  extensions: ExtensionRegistry,
  given: string,
): { name: string; class: ReporterClass } {
  const [name, module] = given.split(':').reverse() as [string, string | undefined];
  const builtIn = module === undefined ? BUILT_IN_REPORTERS.find((one) => one.name === name) : undefined;
  const found = builtIn ?? extensions.getClass(REPORTERS, { module, class: name });
  return { name, class: found as ExtensionClass & ReporterClass };
}
