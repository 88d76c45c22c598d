// An address in, the socket of its namespace out, on a connection that namespaces of one server share (client API, `io()`).
import { Manager } from './manager.ts';
import type { ManagerOptions, SocketOptions } from './options.ts';
import type { Socket } from './socket.ts';
import { parseAddress } from './url.ts';

export type Options = ManagerOptions & SocketOptions;

const managers = new Map<string, Manager>();

/**
 * The socket of a namespace, which connects unless told not to.
 *
 * @param uri the server, whose path names the namespace; default: the page's server
 */
export function io(uri?: string, options?: Options): Socket;
export function io(options?: Options): Socket;
export function io(first?: string | Options, second?: Options): Socket {
  const [uri, given] = typeof first === 'object' ? [undefined, first] : [first, second];
  const options: Options = { ...given };
  const { path, id } = parseAddress(uri);
  const key = id + (options.path ?? '/socket.io');
  const known = managers.get(key);
  if (options.forceNew || options.multiplex === false || known?._has(path)) {
    return new Manager(uri, options).socket(path, options);
  }
  const manager = known ?? new Manager(uri, options);
  managers.set(key, manager);
  return manager.socket(path, options);
}
