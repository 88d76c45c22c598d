// Events in, the lines of an event stream out (HTML standard, §9.2 "Server-sent events").
import { type PlainEvent, writeEvent, writeJson } from './translation.ts';

const lineBreak = /\r\n|\r|\n/;

/**
 * The field lines of an event: the same text as for a plain WebSocket, but for what would not come through. A stream has
 * no bytes, and knows only one kind of line break.
 */
export function dataLines(event: PlainEvent): string {
  const written = writeEvent(event);
  return fieldLines(typeof written === 'string' && !written.includes('\r') ? written : writeJson(event));
}

/** A message of the stream. Without an id the client goes on to remember the last one. */
export function formatMessage(lines: string, id: string | undefined): string {
  return id === undefined ? `${lines}\n` : `id: ${id}\n${lines}\n`;
}

/** What the gateway itself has to say: an event of a name of its own, which no `message` listener hears. */
export function formatNotice(name: string, data: unknown, id?: string): string {
  return `event: ${name}\n${formatMessage(fieldLines(JSON.stringify(data)), id)}`;
}

/** Milliseconds that the client is to wait before it comes back. */
export function formatRetry(milliseconds: number): string {
  return `retry: ${milliseconds}\n\n`;
}

/** Keeps the connection alive, and is heard by nobody. */
export const comment = ':\n\n';

function fieldLines(text: string): string {
  return text
    .split(lineBreak)
    .map((line) => `data: ${line}\n`)
    .join('');
}
