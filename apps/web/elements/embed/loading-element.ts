import { serverOf, tell, type ServerAccess } from './server-access';

/** An element for pages of other servers that loads what it shows when it comes into a page, and stops when it leaves it. */
export abstract class LoadingElement extends HTMLElement {
  /** What is said if loading fails for another reason than an answer of the server. */
  protected abstract readonly failure: string;
  private loading = new AbortController();

  connectedCallback(): void {
    if (this.childElementCount === 0) void this.show();
  }

  disconnectedCallback(): void {
    this.loading.abort();
  }

  /** The content of the element. */
  protected abstract load(server: ServerAccess, signal: AbortSignal): Promise<HTMLElement>;

  private async show(): Promise<void> {
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.dataset['state'] = 'loading';
    try {
      const content = await this.load(serverOf(this), signal);
      if (signal.aborted) return;
      this.replaceChildren(content);
      this.dataset['state'] = 'ready';
    } catch (error) {
      if (!signal.aborted) tell(this, error, this.failure);
    }
  }
}
