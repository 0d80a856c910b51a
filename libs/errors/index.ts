export { DomainError } from './domain-error';
export { errorMessage } from './error-message';
export { quoted, shown } from './quoted';
