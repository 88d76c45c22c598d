// What a plain client says in, an event out, and back: the whole of the translation, as docs/gateways.md has it.
import { isBinary } from '../protocol/socketio/binary.ts';
import { checkNesting } from '../protocol/socketio/nesting.ts';
import { isReservedEvent } from '../protocol/socketio/packet.ts';

/** A name and arguments. */
export type PlainEvent = readonly unknown[];

/** What a text says, or why it is not taken. */
export type Reading =
  | { readonly event: PlainEvent; readonly refusal?: undefined }
  | { readonly event?: undefined; readonly refusal: string };

/** The beginning of a JSON array whose first item is a string. */
const looksLikeEvent = /^\s*\[\s*"/;

/**
 * A JSON array with a string first is an event with its arguments; any other text is the event `message` with this text.
 *
 * @param maxNesting most levels of arrays and objects in an event
 */
export function readText(text: string, maxNesting: number): Reading {
  if (!looksLikeEvent.test(text)) return { event: ['message', text] };
  try {
    checkNesting(text, maxNesting);
  } catch {
    return { refusal: `An event may be nested ${maxNesting} levels deep, not deeper` };
  }
  let event: PlainEvent;
  try {
    event = JSON.parse(text);
  } catch {
    return { event: ['message', text] };
  }
  if (isReservedEvent(event[0])) return { refusal: `"${event[0]}" is a reserved event name` };
  return { event };
}

/**
 * The event `message` with nothing but a text is that text, with nothing but a binary these bytes; any other is a JSON
 * array, and so is a text that would be read as another event. Binaries in it are `{"base64":"…"}`.
 */
export function writeEvent(event: PlainEvent): string | Uint8Array {
  const [name, only] = event;
  if (name === 'message' && event.length === 2) {
    if (typeof only === 'string' && !looksLikeEvent.test(only)) return only;
    const bytes = bytesOf(only);
    if (bytes !== undefined) return bytes;
  }
  return writeJson(event);
}

/** JSON in which binaries are text. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, binariesAsText);
}

// Not the value that is given: Buffers have turned themselves into objects by then.
function binariesAsText(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const bytes = bytesOf(this[key]);
  return bytes === undefined
    ? value
    : { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  // The bytes of a Blob are not there yet.
  if (!isBinary(value) || value instanceof Blob) return undefined;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return new Uint8Array(value);
}
