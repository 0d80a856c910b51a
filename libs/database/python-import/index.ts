export { importPython, type PythonImport } from './import-python';
