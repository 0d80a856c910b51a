import { enableCompileCache } from './compile-cache';
import { runProgram } from './program';
import { reportAndExit } from './report-error';

enableCompileCache();
runProgram().catch(reportAndExit);
