// The WebSocket server of Bun, written in C++ (µWebSockets): echo, or its own broadcast. Run by `bun`, not by Node.
import { HOST, reportServer, settings } from './server-process.ts';

/** What is used here of Bun's own API, whose types are not installed. */
declare const Bun: {
  serve(options: object): { port: number };
};

interface Peer {
  send(data: string | Buffer, compress: boolean): void;
  subscribe(topic: string): void;
}

const { behaviour, deflate } = settings();
let publish: (data: string | Buffer) => void = () => {};

const server = Bun.serve({
  hostname: HOST,
  port: 0,
  fetch: (
    request: Request,
    bun: { upgrade(request: Request): boolean; publish(...args: unknown[]): void },
  ) => {
    publish = (data) => bun.publish('all', data);
    return bun.upgrade(request) ? undefined : new Response(null, { status: 400 });
  },
  websocket: {
    perMessageDeflate: deflate,
    maxPayloadLength: 100 * 1024 * 1024,
    backpressureLimit: 64 * 1024 * 1024,
    idleTimeout: 0,
    open: (peer: Peer) => {
      if (behaviour === 'broadcast') peer.subscribe('all');
    },
    message: (peer: Peer, data: string | Buffer) => {
      if (behaviour === 'broadcast') publish(data);
      else peer.send(data, deflate);
    },
  },
});
reportServer({ address: () => ({ port: server.port, address: HOST, family: 'IPv4' }) });
