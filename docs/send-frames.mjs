// Shakes hands with a WebSocket server, sends it bytes given in hex, and shows each frame that comes back.
//
//   node docs/send-frames.mjs ws://localhost:3000/echo '81 82 37 fa 21 3d 7f 93'
//   node docs/send-frames.mjs --deflate ws://localhost:8080/ 'c1 87 00 00 00 00 f2 48 cd c9 c9 07 00'
//
// Behind your bytes it sends a ping of its own, the sign that all answers are there when its pong comes back.
import { connect } from 'node:net';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { deflate: { type: 'boolean' } },
  allowPositionals: true,
});
const [url, ...words] = positionals;
const { hostname, host, port, pathname } = new URL(url ?? 'ws://localhost:3000/echo');
const bytes = Buffer.from(words.join('').replaceAll(' ', ''), 'hex');
const lastPing = Buffer.from('8984000000006c617374', 'hex'); // "last", with a masking key of zeros
const names = { 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };

const request = [
  `GET ${pathname} HTTP/1.1`,
  `Host: ${host}`,
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  ...(values.deflate ? ['Sec-WebSocket-Extensions: permessage-deflate'] : []),
  '\r\n',
];
const socket = connect(Number(port || 80), hostname, () => socket.write(request.join('\r\n')));
const patience = setTimeout(() => end('nothing more comes'), 5000);
let received = Buffer.alloc(0);
let open = false;

socket.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  if (!open) readAnswer();
  while (open && readFrame());
});
socket.on('end', () => end('the server has closed the connection'));
socket.on('error', (error) => end(error.message));

function readAnswer() {
  const length = received.indexOf('\r\n\r\n') + 4;
  if (length < 4) return;
  const [status] = received.toString('latin1', 0, length).split('\r\n');
  if (!status.includes(' 101 ')) return end(status);
  received = received.subarray(length);
  open = true;
  socket.write(Buffer.concat([bytes, lastPing]));
}

/** Shows the first frame that is there in full, if there is one. */
function readFrame() {
  if (received.length < 2) return false;
  const short = received[1] & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (received.length < start) return false;
  const length = short === 126 ? received.readUInt16BE(2) : short === 127 ? received.readUInt32BE(6) : short;
  if (received.length < start + length) return false;
  const frame = received.subarray(0, start + length);
  received = received.subarray(frame.length);
  if (frame.equals(Buffer.from('\x8a\x04last', 'latin1'))) return end('that was all');
  console.log(`${hex(frame)}   ${describe(frame[0], frame.subarray(start))}`);
  return true;
}

function describe(first, payload) {
  const name = names[first & 15] ?? 'continuation';
  if (first & 0x40) return `${name}, compressed`;
  if (name === 'close' && payload.length >= 2)
    return `close ${payload.readUInt16BE(0)} "${payload.subarray(2)}"`;
  return name === 'binary' ? name : `${name} "${payload}"`;
}

function hex(frame) {
  const shown = frame
    .subarray(0, 32)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ');
  return frame.length > 32 ? `${shown} … (${frame.length} bytes)` : shown;
}

function end(words) {
  console.log(`(${words})`);
  clearTimeout(patience);
  socket.destroy();
  open = false;
}
