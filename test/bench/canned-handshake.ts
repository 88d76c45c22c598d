// The opening handshake of the generator: always the same key, so that the floor's answer can be ready-made (RFC 6455 §4).
import { createHash } from 'node:crypto';

const KEY = Buffer.from('wirehub-benchmrk').toString('base64');
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export const ACCEPT: string = createHash('sha1').update(`${KEY}${GUID}`).digest('base64');

export const CANNED_RESPONSE: Buffer = Buffer.from(
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n\r\n`,
);

export function openingRequest(port: number, target: string, extensions: string | undefined): Buffer {
  const lines = [
    `GET ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
  ];
  if (extensions !== undefined) lines.push(`Sec-WebSocket-Extensions: ${extensions}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
