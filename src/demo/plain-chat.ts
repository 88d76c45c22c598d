// The demo chat: a text message from anyone on /ws comes in, and goes out to everyone, its sender included, as it is.
import { requestPath, sendText } from '../http/static-files.ts';
import { type WebSocket, WebSocketServer } from '../websocket/index.ts';
import type { OpenPart } from './site.ts';
import { TokenBucket } from './token-bucket.ts';

/** Where the chat is on the server. */
export const chatPath = '/ws';

/**
 * What one client may do. A message costs one token, and one more for each KiB of it, so that nobody alone can send
 * more at once than the others may have waiting (`waitingBytes`) before they count as too slow.
 */
export const limits = {
  messageBytes: 64 * 1024,
  waitingBytes: 2 * 1024 * 1024,
  burst: 200,
  perSecond: 20,
  noticeEveryMs: 5000,
};

/** Any WebSocket client can join; of web pages, only those of this very server. */
export const openPlainChat: OpenPart = ({ http }) => {
  const chat = new WebSocketServer({
    server: http,
    path: chatPath,
    origins: 'same',
    maxPayload: limits.messageBytes,
    maxBufferedAmount: limits.waitingBytes,
    closeTimeout: 2000,
  });
  chat.on('error', (error) =>
    console.error(`The chat goes on after an error of its server: ${error.message}`),
  );
  chat.on('connection', (socket) => welcome(chat, socket));
  return {
    answer(request, response) {
      if (requestPath(request) !== chatPath) return false;
      const text = 'This address is for WebSocket clients; the page of the chat is at /.';
      sendText(response, 426, text, { Upgrade: 'websocket', Connection: 'Upgrade' });
      return true;
    },
    close: (ms) => chat.drain(ms),
  };
};

const notice = `${limits.perSecond} messages a second, long ones count more`;

function welcome(chat: WebSocketServer, socket: WebSocket): void {
  const bucket = new TokenBucket(limits.burst, limits.perSecond);
  let noticed = Number.NEGATIVE_INFINITY;

  socket.on('message', (data, isBinary) => {
    const text = data as Buffer; // as it always is, unless `binaryType` says otherwise
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) {
      socket.close(1003, 'This chat takes text messages only');
    } else if (bucket.take(1 + Math.floor(text.length / 1024))) {
      chat.broadcast(text, { binary: false });
    } else if (performance.now() - noticed > limits.noticeEveryMs) {
      noticed = performance.now();
      socket.send(`* You are sending more than this chat passes on: ${notice}. What is above that is lost.`);
    }
  });

  // A client that breaks the protocol or a limit is told so by its close code; nobody else need know.
  socket.on('error', () => {});
}
