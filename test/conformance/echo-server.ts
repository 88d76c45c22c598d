// Starts the server under test for one test file: it sends every message back as it came, and one well-behaved client watches it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before } from 'node:test';
import { type WebSocket, WebSocketServer } from '../../src/websocket/index.ts';
import * as frame from './frames.ts';
import { RawClient } from './raw-client.ts';
import { line, text } from './replies.ts';

export interface EchoOptions {
  perMessageDeflate?: boolean;
  maxPayload?: number;
  closeTimeout?: number;
  handleProtocols?: (offered: Set<string>) => string | false;
}

export class EchoServer {
  #server: WebSocketServer | undefined;
  #bystander: RawClient | undefined;
  #echoes = 0;

  get port(): number {
    return (this.#server!.address() as AddressInfo).port;
  }

  async start(options: EchoOptions): Promise<void> {
    this.#server = new WebSocketServer({ port: 0, perMessageDeflate: true, ...options });
    this.#server.on('connection', (connection: WebSocket) => {
      connection.on('error', () => {});
      connection.on('message', (data, isBinary) => connection.send(data, { binary: isBinary }));
    });
    await once(this.#server, 'listening');
    this.#bystander = await RawClient.open(this.port);
  }

  /** The server's side of the connection made last. */
  get newest(): WebSocket {
    return [...this.#server!.clients].at(-1)!;
  }

  /** Asserts that another connection still works, and that the server has forgotten all those that ended. */
  async undisturbed(): Promise<void> {
    const message = `bystander ${this.#echoes++}`;
    this.#bystander!.socket.write(frame.text(message));
    const reply = await this.#bystander!.next();
    assert.equal(line(reply), text(message), 'another connection was disturbed');
    const signal = AbortSignal.timeout(3000);
    const [, ...others] = this.#server!.clients;
    for (const other of others) {
      if (!this.#server!.clients.has(other)) continue;
      await once(other, 'close', { signal }).catch(() => {
        assert.fail('the server keeps a connection that has ended');
      });
    }
  }

  /** Gives a new TCP connection to `act`, ends it, and asserts that nobody else noticed. */
  async withConnection(act: (client: RawClient) => Promise<void>): Promise<void> {
    await this.#visit(await RawClient.connect(this.port), act);
  }

  /** Likewise with a WebSocket connection. */
  async withWebSocket(act: (client: RawClient) => Promise<void>, extensions?: string): Promise<void> {
    await this.#visit(await RawClient.open(this.port, extensions), act);
  }

  async #visit(client: RawClient, act: (client: RawClient) => Promise<void>): Promise<void> {
    try {
      await act(client);
    } finally {
      client.destroy();
    }
    await this.undisturbed();
  }

  async stop(): Promise<void> {
    this.#bystander?.destroy();
    for (const connection of this.#server!.clients) connection.terminate();
    await new Promise((closed) => this.#server!.close(closed));
  }
}

/** An echo server that runs while the tests of the calling file do. */
export function echoServer(options: EchoOptions = {}): EchoServer {
  const server = new EchoServer();
  before(() => server.start(options));
  after(() => server.stop());
  return server;
}
