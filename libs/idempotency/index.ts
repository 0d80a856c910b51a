export { IdempotencyModule } from './idempotency.module';
export { IdempotentRequests, type IdempotentAnswer, type KeyedRequest } from './idempotent-requests.service';
export { StoredAnswer } from './stored-answer.entity';
