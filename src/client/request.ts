// One HTTP request of long-polling: a body in, the text of the response out, by fetch (Engine.IO protocol, "HTTP long-polling").

import { type Link, urlOf } from './link.ts';
import { headersOf, keepCookies } from './node.ts';
import { later } from './platform.ts';
import { transportError } from './transport.ts';

/**
 * A GET, or a POST if there is a body.
 *
 * @param abort ends it; does so itself after `requestTimeout`
 * @throws TransportError unless the status is 200 and the whole body has come
 */
export async function request(link: Link, abort: AbortController, body?: Promise<string>): Promise<string> {
  const { options } = link;
  const { requestTimeout, withCredentials, maxResponse = 1e8 } = options;
  const timer = requestTimeout ? later(options, () => abort.abort(), requestTimeout) : 0;
  let response: Response | undefined;
  try {
    response = await (options.fetch ?? fetch)(urlOf(link, 'ws', 'http', true), {
      method: body ? 'POST' : 'GET',
      credentials: withCredentials ? 'include' : 'same-origin',
      signal: abort.signal,
      headers: headersOf(link),
      body: (await body) ?? null,
    });
    keepCookies(link, response);
    if (response.status !== 200) throw response.status;
    // Some platforms have a fetch, but no streams.
    const reader = response.body?.getReader();
    if (!reader) return await response.text();
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      text += decoder.decode(value, { stream: !done });
      if (done) return text;
      // A body without an end must not fill the memory.
      if (text.length > maxResponse) throw 'response too large';
    }
  } catch (reason) {
    throw transportError(`xhr po${body ? 'st' : 'll'} error`, reason, response);
  } finally {
    clearTimeout(timer);
  }
}
