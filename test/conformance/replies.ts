// Writes what a server sent, or should send, as one line each, so that whole conversations compare as lists of strings.
import { createHash } from 'node:crypto';
import type { Received } from './server-frames.ts';

export function line(received: Received): string {
  if ('payload' in received) return payloadLine(received.kind, received.payload);
  return received.kind === 'close' ? close(received.code) : received.kind;
}

function payloadLine(kind: string, payload: Buffer): string {
  const content =
    payload.length <= 64
      ? JSON.stringify(kind === 'text' ? payload.toString() : payload.toString('latin1'))
      : `sha1 ${createHash('sha1').update(payload).digest('hex')}`;
  return `${kind} of ${payload.length} ${content}`;
}

export const text = (payload: Buffer | string = '') => payloadLine('text', Buffer.from(payload as string));
export const binary = (payload: Buffer | string = '') =>
  payloadLine('binary', Buffer.from(payload as string));
export const pong = (payload: Buffer | string = '') => payloadLine('pong', Buffer.from(payload as string));
export const close = (code: number) => `close ${code}`;
export const fin = 'fin';
