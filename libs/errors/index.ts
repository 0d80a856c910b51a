export { DomainError } from './domain-error';
export { quoted, shown } from './quoted';
