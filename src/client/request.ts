// One HTTP request of long-polling, by fetch: a body in, the packets of the response out as they come (Engine.IO protocol, "HTTP long-polling").
import { separator } from '../protocol/engineio/payload.ts';
import { type Link, urlOf } from './link.ts';
import { headersOf, keepCookies } from './node.ts';
import { later, type Timer } from './timer.ts';
import { transportError } from './transport.ts';

export const maxResponseDefault = 1e8;

/**
 * A GET, or a POST if there is a body.
 *
 * @param abort ends it; does so itself after `requestTimeout`
 * @throws TransportError unless the status is one of success and the whole body has come
 */
export async function* request(link: Link, abort: AbortController, body?: string): AsyncGenerator<string> {
  const { options } = link;
  const { requestTimeout, withCredentials, maxResponse } = options;
  const timer = requestTimeout && later(options, () => abort.abort(), requestTimeout);
  let response: Response | undefined;
  try {
    response = await (options.fetch ?? fetch)(urlOf(link, 'http'), {
      // Left undefined: GET, and `same-origin`.
      method: body && 'POST',
      credentials: withCredentials ? 'include' : undefined,
      signal: abort.signal,
      headers: headersOf(link),
      body,
    } as RequestInit);
    keepCookies(link, response);
    if (!response.ok) throw response.status;
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let packet = '';
    for (;;) {
      const { done, value } = await reader.read();
      const [first, ...others] = decoder.decode(value, { stream: !done }).split(separator);
      packet += first;
      for (const next of others) {
        yield packet;
        packet = next;
      }
      // A body without an end must not fill the memory.
      if (packet.length > (maxResponse ?? maxResponseDefault)) throw 'response too large';
      if (done) return yield packet;
    }
  } catch (reason) {
    throw transportError(`xhr po${body ? 'st' : 'll'} error`, reason, response);
  } finally {
    clearTimeout(timer as Timer);
  }
}
