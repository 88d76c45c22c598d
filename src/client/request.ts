// One HTTP request of long-polling: a body in, the text of the response out, by fetch (Engine.IO protocol, "HTTP long-polling").
import { later } from './platform.ts';
import { type Link, urlOf } from './transport.ts';

const maxResponse = 100_000_000;

/** What went wrong, as far as it is known. */
export interface RequestFailure {
  /** The status of the response, or what kept it from coming. */
  readonly description: unknown;
  /** The response. */
  readonly context: unknown;
}

/**
 * A GET, or a POST if there is a body.
 *
 * @throws RequestFailure unless the status is 200 and the whole body has come
 */
export async function request(link: Link, signal: AbortSignal, body?: string): Promise<string> {
  const { requestTimeout, extraHeaders, withCredentials, maxResponse: limit = maxResponse } = link.options;
  const headers: Record<string, string> = { ...extraHeaders };
  if (body !== undefined) headers['Content-type'] = 'text/plain;charset=UTF-8';
  const known = cookieHeader(link);
  if (known) headers.Cookie = known;
  const expiry = new AbortController();
  const abort = () => expiry.abort();
  signal.addEventListener('abort', abort);
  const timer = requestTimeout ? later(link.options, abort, requestTimeout) : undefined;
  let context: Response | undefined;
  try {
    context = await (link.options.fetch ?? fetch)(urlOf(link, 'http', true), {
      method: body === undefined ? 'GET' : 'POST',
      credentials: withCredentials ? 'include' : 'same-origin',
      signal: expiry.signal,
      headers,
      // The last word of a page that is being left must not be cut off with it.
      ...(body !== undefined && { body, keepalive: body === '1' }),
    });
    remember(link, context);
    if (context.status !== 200) throw context.status;
    return await textOf(context, limit);
  } catch (description) {
    abort();
    throw { description, context } satisfies RequestFailure;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The body, read as it comes: one without an end must not fill the memory. */
async function textOf(response: Response, limit: number): Promise<string> {
  // Some platforms have a fetch, but no streams.
  const reader = response.body?.getReader();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done) return text;
    if (text.length > limit) throw new Error(`the response is larger than ${limit}`);
  }
}

/** Keeps cookies where the platform does not: browsers show none. */
function remember({ options, cookies }: Link, response: Response): void {
  if (!options.withCredentials) return;
  for (const cookie of response.headers.getSetCookie?.() ?? []) {
    const [pair = '', ...attributes] = cookie.split(';');
    const name = pair.split('=')[0]!.trim();
    if (attributes.some((one) => /^\s*max-age=(0|-)/i.test(one))) cookies.delete(name);
    else cookies.set(name, pair.trim());
  }
}

export function cookieHeader({ cookies }: Link): string {
  return [...cookies.values()].join('; ');
}
