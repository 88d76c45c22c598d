// An address in, the socket of its namespace out, on a connection that namespaces of one server share (client API, `io()`).
import { Manager } from './manager.ts';
import type { ManagerOptions, SocketOptions } from './options.ts';
import type { Socket } from './socket.ts';
import { completeUrl } from './url.ts';

export type Options = ManagerOptions & SocketOptions;

const managers = new Map<string, Manager>();

/**
 * The socket of a namespace, which connects unless told not to.
 *
 * @param uri the server, whose path names the namespace; default: the page's server
 */
export function io(uri?: string, options?: Options): Socket;
export function io(options?: Options): Socket;
export function io(uri?: string | Options, options: Options = {}): Socket {
  if (typeof uri === 'object') [uri, options] = [undefined, uri];
  const { origin, pathname } = completeUrl(uri);
  const namespace = decodeURI(pathname);
  const key = origin + options.path;
  const known = managers.get(key);
  const alone = options.forceNew || options.multiplex === false || known?._sockets.has(namespace);
  const manager = (!alone && known) || new Manager(uri, options);
  if (!alone) managers.set(key, manager);
  return manager.socket(namespace, options);
}
