// Runs a table of exchanges against the echo server: what the client sends, and all that the server may say to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EchoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import { type Delivery, RawClient } from './raw-client.ts';
import { close, fin } from './replies.ts';

export interface Exchange {
  /** Begins with the section of the rule. */
  title: string;
  send: readonly Buffer[];
  /** The messages and pongs expected before the closing handshake, in order. */
  replies?: readonly string[];
  /** The codes of which the server's one close frame must have one. Absent: nothing fails, and the client closes with 1000. */
  closes?: number | readonly number[];
  /** The value of Sec-WebSocket-Extensions in the handshake. */
  extensions?: string;
  deliveries?: readonly Delivery[];
}

const everyWay: readonly Delivery[] = ['whole', 'byte by byte', 'cut at random'];

/** What a client that never listens would go on to send in the same write. */
const tooLate = Buffer.concat([frame.text('too late'), frame.ping('too late'), frame.close(1000)]);

export function runExchanges(server: EchoServer, table: readonly Exchange[]): void {
  for (const exchange of table) {
    test(exchange.title, async () => {
      for (const delivery of exchange.deliveries ?? everyWay) await runExchange(server, exchange, delivery);
      await server.undisturbed();
    });
  }
}

export async function runExchange(server: EchoServer, exchange: Exchange, delivery: Delivery): Promise<void> {
  const client = await RawClient.open(server.port, exchange.extensions);
  try {
    const codes = exchange.closes === undefined ? [1000] : [exchange.closes].flat();
    const bytes = [...exchange.send];
    if (exchange.closes === undefined) bytes.push(frame.close(1000));
    // Delivered in pieces nothing follows the fault, so that the server has to fail the connection at once.
    else if (delivery === 'whole') bytes.push(tooLate);
    await client.deliver(Buffer.concat(bytes), delivery);

    const said = await client.untilEnd();
    const code = codes.find((one) => said.includes(close(one))) ?? codes[0]!;
    assert.deepEqual(said, [...(exchange.replies ?? []), close(code), fin], `delivered ${delivery}`);
  } finally {
    client.destroy();
  }
}
