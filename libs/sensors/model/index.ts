export { parseEntityAddress, type EntityAddress } from './parse-entity-address';
