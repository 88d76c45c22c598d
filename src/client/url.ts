// The address a program gives, any part of which may be missing, in; a whole URL, whose path is the namespace, out (client API, `io()`).
import { platform } from './platform.ts';

/** @throws TypeError where an address needs a page to complete it and there is none */
export function completeUrl(text = ''): URL {
  const page = platform.location;
  const scheme = page ? page.protocol : 'https:';
  if (!/^(\w+:\/\/|[/?]|$)/.test(text)) text = `//${text}`;
  return new URL(text.startsWith('//') ? scheme + text : text, page && `${scheme}//${page.host}`);
}

export const isSecure = (url: URL) => /s:$/.test(url.protocol);
