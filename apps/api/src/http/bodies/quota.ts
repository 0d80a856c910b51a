import { tooManyRequests, tooBusy } from '../errors/api-error';

const WAIT_S = 5;

/** A limited resource: counts what each client and all clients use at the same time. */
export class Quota {
  private total = 0;
  private readonly perClient = new Map<string, number>();

  /** @param what the resource, for messages such as "You are sending too many files at once." */
  constructor(
    private readonly limits: { total: number; perClient: number },
    private readonly what: string,
  ) {}

  /** @throws ApiError 429 when the client exceeds its limit, 503 when all clients exceed the total */
  acquire(client: string, amount: number): void {
    const used = this.perClient.get(client) ?? 0;
    if (used + amount > this.limits.perClient) {
      throw tooManyRequests(`You are sending ${this.what} at once. Try again in ${WAIT_S} seconds.`, WAIT_S);
    }
    if (this.total + amount > this.limits.total) {
      throw tooBusy(`The server is receiving ${this.what} at once. Try again in ${WAIT_S} seconds.`);
    }
    this.perClient.set(client, used + amount);
    this.total += amount;
  }

  release(client: string, amount: number): void {
    const left = (this.perClient.get(client) ?? 0) - amount;
    if (left > 0) this.perClient.set(client, left);
    else this.perClient.delete(client);
    this.total -= amount;
  }
}
