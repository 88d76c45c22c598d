// The answers to an opening handshake, as bytes on the socket: 101, or a refusal with status and reason (RFC 6455 §4.2.2).
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { acceptFor } from '../protocol/rfc6455/handshake.ts';

/** The header lines of the 101 response, in which the status line comes first. */
export function acceptanceLines(key: string, protocol: string, extensions: string): string[] {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptFor(key)}`,
  ];
  if (protocol !== '') lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  if (extensions !== '') lines.push(`Sec-WebSocket-Extensions: ${extensions}`);
  return lines;
}

/** Answers with an HTTP error and ends the socket. */
export function refuse(
  socket: Duplex,
  status: number,
  reason: string = STATUS_CODES[status] ?? '',
  headers: Readonly<Record<string, string | number>> = {},
): void {
  const all = {
    // RFC 9110 §7.8: whoever sends Upgrade names it in Connection too.
    Connection: 'Upgrade' in headers ? 'close, Upgrade' : 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(reason),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.once('finish', () => socket.destroy());
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', reason].join('\r\n'));
}

/** Refuses an upgrade that nobody has taken or answered within `timeout` milliseconds; 0 for never. */
export function refuseUnlessTaken(
  socket: Duplex & { readonly bytesWritten?: number },
  timeout: number,
  isTaken: () => boolean,
): void {
  // Until it is taken nobody else may be listening, and a client that leaves is no error of the program.
  socket.on('error', () => socket.destroy());
  if (timeout === 0) return;
  const timer = setTimeout(() => {
    if (!isTaken() && socket.writable && !socket.bytesWritten) refuse(socket, 400);
  }, timeout);
  socket.once('close', () => clearTimeout(timer));
}
