// A client of the chat that is not ours: a port comes in, a connected `ws` with a queue of what it hears goes out.
import { once } from 'node:events';
import WebSocket, { type ClientOptions } from 'ws';

export class PlainClient {
  readonly socket: WebSocket;
  /** Resolves with the code and reason of the closing handshake. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #heard: string[] = [];
  #waiting: (() => void) | undefined;

  private constructor(port: number, options: ClientOptions) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, options);
    this.socket.on('message', (data, isBinary) => {
      this.#heard.push(isBinary ? `binary ${data}` : String(data));
      this.#waiting?.();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async join(port: number, options: ClientOptions = {}): Promise<PlainClient> {
    const client = new PlainClient(port, options);
    await once(client.socket, 'open');
    return client;
  }

  /** The next message, in the order of arrival. */
  async next(): Promise<string> {
    for (;;) {
      const text = this.#heard.shift();
      if (text !== undefined) return text;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }
}
