/** A simple browser without scripts: keeps cookies, and submits forms with their hidden fields. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** Attributes of the last cookie with each name, as the server sent them. */
  readonly cookieAttributes = new Map<string, string>();

  constructor(private readonly url: string) {}

  /** Requests a path; redirects are not followed. */
  async request(
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(cookie !== '' && { cookie }), ...headers },
      body,
      redirect: 'manual',
    });
    for (const text of response.headers.getSetCookie()) this.keep(text);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.request('GET', path, { headers });
  }

  /** Opens a page, fills in its form and submits it. */
  async submit(path: string, fields: Record<string, string>, form = path): Promise<Page> {
    const { text } = await this.get(form);
    return this.post(path, { ...hiddenFields(text), ...fields });
  }

  /** Like `submit`, with additional headers such as those of a proxy. */
  async submitWith(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string>,
  ): Promise<Page> {
    const { text } = await this.get(path);
    return this.post(path, { ...hiddenFields(text), ...fields }, headers);
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
    return this.request('POST', path, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  private keep(text: string): void {
    const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(text) ?? [];
    this.cookieAttributes.set(name, attributes);
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export interface Page {
  status: number;
  headers: Headers;
  text: string;
}

/** The hidden fields of the forms of a page. */
export const hiddenFields = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g)].map(
      ([, name, value]) => [name!, value!],
    ),
  );
