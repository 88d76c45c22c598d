// The address a program gives, any part of which may be missing, in; a whole URL, whose path is the namespace, out (client API, `io()`).
import { platform } from './platform.ts';

/** @throws TypeError where an address needs a page to complete it and there is none */
export function completeUrl(text = ''): URL {
  const page = platform.location;
  const scheme = page?.protocol ?? 'https:';
  if (text.startsWith('//')) text = scheme + text;
  else if (text && !/^(\w+:\/)?\//.test(text)) text = `${scheme}//${text}`;
  return new URL(text || '/', page?.href);
}
