import { enableCompileCache } from './compile-cache';
import { buildProgram, addCommandsOfPlugins } from './program';
import { reportAndExit } from './report-error';

enableCompileCache();
const program = buildProgram();
addCommandsOfPlugins(program, process.argv.slice(2))
  .then(() => program.parseAsync())
  .catch(reportAndExit);
