// The tap of one connection in; records of its handshake, chunks, frames, inflated messages and end out.
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { handshakeGuid } from '../../protocol/rfc6455/handshake.ts';
import type { Tap } from '../../websocket/index.ts';
import { MessageInflater } from './message-inflater.ts';
import { type AcceptSteps, excerpt } from './records.ts';
import type { Trace } from './trace.ts';

export const tapLimits = {
  /** Bytes of a frame that are shown. */
  shownBytes: 4096,
  /** Bytes of a frame that are kept for as long as it takes to inflate its message. */
  keptBytes: 1024 * 1024,
};

export function traceTap(tap: Tap, request: IncomingMessage, trace: Trace): void {
  const connection = trace.nextNumber();
  const totals = { client: 0, server: 0 };
  const response = tap.response.toString('latin1');
  const extensions = headerOf(response, 'Sec-WebSocket-Extensions');
  const inflaters = MessageInflater.pair(extensions);
  tap.keep = inflaters === undefined ? tapLimits.shownBytes : tapLimits.keptBytes;
  trace.connections++;
  trace.add({
    kind: 'open',
    connection,
    target: request.url ?? '',
    request: tap.request.toString('latin1'),
    response,
    steps: stepsFor(request.headers['sec-websocket-key'] ?? ''),
    extensions,
  });
  tap.on('chunk', ({ from, at, offset, bytes }) => {
    totals[from] += bytes.length;
    trace.add({ kind: 'chunk', connection, from, offset, length: bytes.length }, at);
  });
  tap.on('frame', ({ from, at, offset, length, bytes, complete }) => {
    const shown = excerpt(bytes, length, tapLimits.shownBytes);
    trace.add({ kind: 'frame', connection, from, offset, complete, ...shown }, at);
    if (!complete) return;
    inflaters?.[from].add(bytes, length, (message, compressed) => {
      const said = excerpt(message, message.length, tapLimits.shownBytes);
      trace.add({ kind: 'inflated', connection, from, offset, compressed, ...said });
    });
  });
  tap.on('close', () => {
    trace.connections--;
    trace.add({ kind: 'close', connection, received: totals.client, sent: totals.server });
  });
}

function stepsFor(key: string): AcceptSteps {
  const joined = key + handshakeGuid;
  return {
    key,
    guid: handshakeGuid,
    sha1: hash('sha1', joined, 'hex'),
    accept: hash('sha1', joined, 'base64'),
  };
}

export function headerOf(head: string, name: string): string {
  const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim() ?? '';
}
