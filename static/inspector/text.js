// Bytes and numbers in, the notations that people read them in out.

export const hex = (byte) => byte.toString(16).padStart(2, '0');
export const bits = (byte) => byte.toString(2).padStart(8, '0');

export function hexOf(bytes, most = bytes.length) {
  return Array.from(bytes.subarray(0, most), hex).join(' ');
}

/** A byte as a character, if it is one that can be seen. */
export const ascii = (byte) =>
  byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x20 ? '␠' : '·';

const decoder = new TextDecoder();
export const textOf = (bytes) => decoder.decode(bytes);

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Hex digits in any spacing, `61*256` for a byte many times; throws for what is none. */
export function parseHex(text) {
  const parts = text
    .trim()
    .toLowerCase()
    .replaceAll('0x', '')
    .split(/[\s,:;]+/)
    .filter(Boolean);
  const bytes = [];
  for (const part of parts) {
    const [, digits, times] = /^((?:[0-9a-f]{2})+)(?:\*(\d{1,6}))?$/.exec(part) ?? [];
    if (digits === undefined) throw new SyntaxError(`“${part}” is not bytes in hex`);
    const one = digits.match(/../g).map((pair) => Number.parseInt(pair, 16));
    for (let i = 0; i < Number(times ?? 1); i++) bytes.push(...one);
  }
  return Uint8Array.from(bytes);
}

export const plural = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** Long text is shown in part. */
export function cut(text, most) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** Milliseconds since 1970 as time of day. */
export function clock(at) {
  const date = new Date(at);
  const two = (number) => String(number).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}
