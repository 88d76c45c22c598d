// The body of a POST in, the event that it is out, or a status and a reason that a person can act on (RFC 9110 §15.5).
import { type PlainEvent, readText } from './translation.ts';

/** What the body says, or what is wrong with it. */
export type Posted =
  | { readonly event: PlainEvent; readonly status?: undefined }
  | { readonly event?: undefined; readonly status: 400 | 415; readonly reason: string };

/** Types whose text is read as a message of a plain WebSocket is. `curl -d` labels any text as a form. */
const textTypes = new Set(['', 'text/plain', 'application/x-www-form-urlencoded']);
const jsonType = 'application/json';

/** Refuses a type before its body is read: undefined is fine. */
export function checkType(contentType: string | undefined): Posted | undefined {
  const { type, charset } = parseType(contentType);
  if (!textTypes.has(type) && type !== jsonType) {
    return { status: 415, reason: `A body is text/plain or ${jsonType}, not ${type}` };
  }
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return undefined;
  return { status: 415, reason: `A body is text in UTF-8, not in ${charset}` };
}

/** Reads a body whose type was checked. */
export function readBody(contentType: string | undefined, body: Uint8Array, maxNesting: number): Posted {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return { status: 400, reason: 'The body is no valid UTF-8' };
  }
  const isJson = parseType(contentType).type === jsonType;
  const { event, refusal } = readText(text, maxNesting);
  if (event === undefined) return { status: 400, reason: refusal };
  // Whatever is no event was taken for the text of a message.
  return isJson && event[0] === 'message' && event[1] === text ? readJson(text) : { event };
}

/** A JSON text that is no event may still be a string, which is a message. */
function readJson(text: string): Posted {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { status: 400, reason: 'The body is no valid JSON' };
  }
  if (typeof value === 'string') return { event: ['message', value] };
  return {
    status: 400,
    reason:
      'A body in JSON is an array, the name of the event and its arguments, as in ["news",1]; or a string',
  };
}

function parseType(contentType = ''): { type: string; charset: string | undefined } {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return { type, charset: charset?.slice('charset='.length).replace(/^"(.*)"$/, '$1') };
}
