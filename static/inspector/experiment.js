// What stands in the laboratory's fields in; what goes to the server out; and a preset's parts as they stand in the fields.
import { concat } from './concat.js';
import { dissect } from './protocol.js';
import { hexOf } from './text.js';

export function cutInto(frames, how) {
  if (how === 'each') return frames.length <= 64 ? frames : [concat(frames)];
  const stream = concat([new Uint8Array(0), ...frames]);
  if (how === 'one') return [stream];
  // The server takes up to 64 writes: the last one has the rest.
  return Array.from({ length: Math.min(64, stream.length) }, (_, at) =>
    stream.subarray(at, at === 63 ? stream.length : at + 1),
  );
}

/** The fields of a frame apart, as presets have them. */
export function spaced(bytes) {
  const { masked, headerLength, payload } = dissect(bytes);
  const key = masked ? headerLength - 4 : headerLength;
  const pieces = [
    bytes.subarray(0, 1),
    bytes.subarray(1, 2),
    bytes.subarray(2, key),
    bytes.subarray(key, headerLength),
    bytes.subarray(headerLength, headerLength + payload.length),
  ];
  return pieces
    .filter(({ length }) => length > 0)
    .map((piece) => hexOf(piece).replaceAll(' ', ''))
    .join(' ');
}

/** A preset's handshake as lines, and back. */
export function linesOf({ requestLine, headers = {} } = {}) {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [`-${name}`] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return [requestLine, ...lines].filter(Boolean).join('\n');
}

export function requestOf(text) {
  if (text.trim() === '') return undefined;
  const request = { headers: {} };
  for (const line of text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    if (line.startsWith('-')) request.headers[line.slice(1)] = null;
    else if (name === undefined) request.requestLine = line;
    else
      request.headers[name] = Object.hasOwn(request.headers, name)
        ? [request.headers[name], value].flat()
        : value;
  }
  return request;
}
