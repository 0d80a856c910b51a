import { commandReference } from './commands.mjs';
import { apiReference, routingTable } from './operations.mjs';

const MARK = /<!-- generated: (\w+)(?: (\w+))? -->/g;

/** Comments for people who edit a page, alone on a line. */
const COMMENT = /^<!--.*-->$/gm;

const GENERATORS = { commands: commandReference, operations: apiReference, routes: routingTable };

/**
 * Replaces the marks in a page with parts of the documentation that are made from the code, such as
 * `<!-- generated: operations v3_0 -->`.
 *
 * @param root of the project, which must be built
 * @throws Error for an unknown mark
 */
export const addGenerated = (text, root) =>
  text
    .replace(MARK, (_, name, argument) => {
      const generate = GENERATORS[name];
      if (generate === undefined) throw new Error(`Nothing generates "${name}".`);
      return generate(root, argument);
    })
    .replace(COMMENT, '');
