import { createHash } from 'node:crypto';
import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { decrypt, deriveKey, encrypt } from '#lib/accounts';
import { FairSemaphore, QueueFullError } from '#lib/concurrency';
import { SETTINGS, type Settings } from '#lib/config';
import { IdempotentRequests, type KeyedRequest } from '#lib/idempotency';
import type { ApiUser } from '../auth/authentication/api-user';
import { rejected, tooManyRequests } from '../errors/api-error';
import { REPLAYED } from '../headers/replayed';
import { hashOfRequest, type HashedRequest } from './request-hash';
import { toStoredResponse, type StoredResponse } from './stored-response';

type KeyedHttpRequest = HashedRequest & { user: ApiUser };

const VALID_KEY = /^[\x21-\x7e]{1,255}$/;

/** Each such request has a database connection until it is answered, which are few; uploads take long. */
const REQUESTS = { capacity: 6, capacityPerKey: 2, maxWaiting: 500, maxWaitingPerKey: 50 };
const UPLOADS = { capacity: 2, capacityPerKey: 1, maxWaiting: 100, maxWaitingPerKey: 10 };
const RETRY_AFTER_S = 5;

/**
 * Carries out requests with the header `Idempotency-Key` once: a repeated request gets the first answer. Put it inside of
 * interceptors that read the body. The answers are stored encrypted, because they may contain secrets.
 */
@Injectable()
export class IdempotencyKeys implements NestInterceptor {
  private readonly running = new FairSemaphore(REQUESTS);
  private readonly uploading = new FairSemaphore(UPLOADS);

  constructor(
    private readonly requests: IdempotentRequests,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  intercept(
    context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown> | Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<KeyedHttpRequest>();
    const key = request.headers['idempotency-key'];
    return key === undefined ? next.handle() : this.once(key, request, http.getResponse<Response>(), next);
  }

  /** @throws ApiError 400 for a bad key, 429; DomainError as IdempotentRequests.run, and what the route throws */
  private async once(
    key: string | string[],
    request: KeyedHttpRequest,
    response: Response,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const keyed = await toKeyedRequest(key, request);
    const known = await this.requests.find(keyed);
    if (known) return of(this.replay(known, keyed, response));
    const work = async (): Promise<Buffer> => {
      const body: unknown = await lastValueFrom(next.handle());
      return this.encode(toStoredResponse(response, body), keyed);
    };
    const semaphore = request.is('multipart/form-data') ? this.uploading : this.running;
    const { answer, isReplay } = await semaphore
      .run(String(keyed.userId), () => this.requests.run(keyed, work))
      .catch((error: unknown) => {
        throw error instanceof QueueFullError ? tooManyWaiting() : error;
      });
    return of(isReplay ? this.replay(answer, keyed, response) : this.decode(answer, keyed).body);
  }

  /** Gives the response the status and headers of the first one. @returns its body */
  private replay(answer: Buffer, keyed: KeyedRequest, response: Response): unknown {
    const { status, headers, body } = this.decode(answer, keyed);
    response.status(status).set({ ...headers, [REPLAYED]: 'true' });
    return body;
  }

  private encode(stored: StoredResponse, keyed: KeyedRequest): Buffer {
    return encrypt(JSON.stringify(stored), this.secretKey, contextOf(keyed));
  }

  private decode(answer: Buffer, keyed: KeyedRequest): StoredResponse {
    const text = decrypt(answer, this.secretKey, contextOf(keyed));
    if (text === undefined)
      throw rejected(
        409,
        'CONFLICT',
        'The request was carried out, but its answer cannot be read with the present SECRET_KEY. Send another key.',
      );
    return JSON.parse(text) as StoredResponse;
  }

  private get secretKey(): Buffer {
    return deriveKey('idempotent-answer', this.settings);
  }
}

async function toKeyedRequest(key: string | string[], request: KeyedHttpRequest): Promise<KeyedRequest> {
  if (typeof key !== 'string' || !VALID_KEY.test(key))
    throw rejected(
      400,
      'INVALID_REQUEST',
      'The header Idempotency-Key must have 1 to 255 visible ASCII characters.',
    );
  const { id: userId, deviceTokenId } = request.user;
  // The devices of a user have keys of their own.
  const keyHash = createHash('sha256')
    .update(`${deviceTokenId ?? ''}:${key}`)
    .digest();
  return { userId, keyHash, requestHash: await hashOfRequest(request) };
}

const contextOf = ({ userId, keyHash }: KeyedRequest): string =>
  `idempotent answer ${userId} ${keyHash.toString('hex')}`;

const tooManyWaiting = () =>
  tooManyRequests(
    `Too many requests with an Idempotency-Key are waiting. Send this one again in ${RETRY_AFTER_S} seconds.`,
    RETRY_AFTER_S,
  );
