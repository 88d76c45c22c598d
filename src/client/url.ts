// The address a program gives, any part of which may be missing, in; a whole URL, whose path is the namespace, out (client API, `io()`).
import { platform } from './platform.ts';

/** @throws TypeError where an address needs a page to complete it and there is none */
export function completeUrl(text = ''): URL {
  const page = platform.location;
  // Neither with a scheme, nor a path of the page's server, nor nothing: a host, with `//` before it or without.
  const whole = text.replace(/^(?!\w+:\/|\/(?!\/)|$)(\/\/)?/, `${page?.protocol ?? 'https:'}//`);
  return new URL(whole || '/', page?.href);
}
