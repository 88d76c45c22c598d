// Starts the demo: a host and a port come in; a running server with the page and the chat goes out.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { requestPath, sendText, staticFiles } from '../http/static-files.ts';
import { chatPath, openChat } from './chat.ts';

/** A demo that runs. */
export type Demo = {
  readonly address: AddressInfo;
  /** Says goodbye to everyone within about `ms` milliseconds, then stops the server. */
  close(ms?: number): Promise<void>;
};

// The same two steps up from src/demo and, in the package, from dist/demo.
const pages = fileURLToPath(new URL('../../static/', import.meta.url));

/** Resolves when the demo listens; rejects with the error of `listen` when it cannot. */
export async function startDemo(host: string, port: number): Promise<Demo> {
  const page = staticFiles(pages);
  const server = createServer((request, response) => {
    if (requestPath(request) === chatPath) {
      const text = 'This address is for WebSocket clients; the page of the chat is at /.';
      sendText(response, 426, text, { Upgrade: 'websocket', Connection: 'Upgrade' });
    } else {
      page(request, response);
    }
  });
  server.listen(port, host);
  await once(server, 'listening');
  const chat = openChat(server);

  return {
    address: server.address() as AddressInfo,
    async close(ms = 500) {
      const closed = once(server, 'close');
      server.close();
      await chat.drain(ms);
      server.closeAllConnections();
      await closed;
    },
  };
}
