// The floor: a bare TCP server that counts request bytes and writes ready-made replies, one write per chunk and client.
import { createServer, type Socket } from 'node:net';
import { CANNED_RESPONSE } from '../canned-handshake.ts';
import { CLOSE_REPLY, CLOSE_REQUEST, replyFrames, requestFrames, textFrame } from '../frames.ts';
import { JOIN } from '../generator/greeting.ts';
import { HOST, reportServer, settings } from './server-process.ts';

const { behaviour, message } = settings();
const closing = behaviour === 'handshakes';
const requestBytes = closing ? CLOSE_REQUEST.length : requestFrames(message)[0]!.length;
const replies = closing ? [CLOSE_REPLY] : replyFrames(message);
const replyBytes = replies[0]!.length;
// Twice round: any number of replies up to a whole round is one slice, wherever it starts.
const ready = Buffer.concat([...replies, ...replies]);
/** What a Socket.IO client has to hear before it begins, and says itself between the two. */
const [open, joined] = ['0{"sid":"floor"}', '40{"sid":"floor"}'].map((text) => textFrame(Buffer.from(text)));
const greets = message.event !== undefined;
const clients = new Set<Socket>();

const server = createServer({ noDelay: true }, (socket) => {
  let handshake = '';
  let received = greets ? -JOIN.length : 0;
  let answered = 0;

  function answer(): void {
    const due = Math.min(Math.floor(received / requestBytes) - answered, replies.length);
    if (due === 0) return;
    const start = (answered % replies.length) * replyBytes;
    const bytes = ready.subarray(start, start + due * replyBytes);
    answered += due;
    if (behaviour === 'broadcast') for (const client of clients) client.write(bytes);
    else if (closing) socket.end(bytes);
    else socket.write(bytes);
    answer();
  }

  clients.add(socket);
  socket.on('close', () => clients.delete(socket));
  socket.on('error', () => socket.destroy());
  socket.on('data', function awaitHandshake(chunk: Buffer) {
    handshake += chunk.toString('latin1');
    if (!handshake.endsWith('\r\n\r\n')) return;
    handshake = '';
    socket.off('data', awaitHandshake);
    socket.on('data', (bytes: Buffer) => {
      const joining = received < 0;
      received += bytes.length;
      if (joining && received >= 0) socket.write(joined!);
      answer();
    });
    socket.write(greets ? Buffer.concat([CANNED_RESPONSE, open!]) : CANNED_RESPONSE);
  });
});
server.listen(0, HOST, () => reportServer(server));
