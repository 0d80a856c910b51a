import { enableCompileCache } from './compile-cache';
import { buildProgram } from './program';
import { reportAndExit } from './report-error';

enableCompileCache();
buildProgram().parseAsync().catch(reportAndExit);
