import type { Server } from 'node:http';
import { WebSocketServer as Base, type WebSocket } from 'ws';

export type { WebSocket };
export class WebSocketServer extends Base {
  constructor(o: { server: Server; [k: string]: unknown }) {
    super(o as never);
  }
  broadcast(data: unknown, o: { binary?: boolean }): number {
    let n = 0;
    for (const c of this.clients) {
      c.send(data as Buffer, { binary: o.binary ?? true });
      n++;
    }
    return n;
  }
  async drain(_ms: number): Promise<void> {
    this.close();
    await Promise.all(
      [...this.clients].map(
        (c) =>
          new Promise((r) => {
            c.on('close', r);
            c.close(1012);
          }),
      ),
    );
  }
}
