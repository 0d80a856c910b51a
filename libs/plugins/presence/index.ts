export { mayHavePlugins } from './may-have-plugins';
