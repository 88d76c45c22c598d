// Cleans what people type: anything comes in; a name, a room's name or a text that can be shown anywhere goes out.
import { limits } from './limits.ts';

// Controls move a terminal's cursor, directional marks turn what stands around them, lone surrogates are no text.
// The two joiners (U+200C, U+200D) are part of words and of emoji.
const unseen = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;
const unseenInText = /(?![\n\t])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/gu;
/** Scripts stack up to three marks on a letter; more only serve to climb over other people's lines. */
const piledMarks = /(\p{M}{4})\p{M}+/gu;

/** A name of up to 24 characters, or undefined for what cannot be one. */
export function cleanName(given: unknown): string | undefined {
  if (typeof given !== 'string' || given.length > 1000) return undefined;
  const name = given
    .normalize('NFC')
    .replace(unseen, '')
    .replace(piledMarks, '$1')
    .replace(/[:@#<>]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s/*[]+/, '');
  return shortened(name, limits.name).trim() || undefined;
}

/** By which names count as the same. */
export function keyOf(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\u200c|\u200d|\s/g, '')
    .toLowerCase();
}

/** A room's name, with or without `#` in front: letters, digits, `-` and `_`. */
export function cleanRoom(given: unknown): string | undefined {
  if (typeof given !== 'string' || given.length > 200) return undefined;
  const room = given.normalize('NFKC').trim().replace(/^#/, '').toLowerCase();
  return /^[\p{L}\p{N}_-]+$/u.test(room) && [...room].length <= limits.room ? room : undefined;
}

/** A text without what is not meant to be seen; undefined if it is none. Its length is looked at by others. */
export function cleanText(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined;
  const text = given.replace(/\r\n?/g, '\n').replace(unseenInText, '').replace(piledMarks, '$1').trim();
  return text || undefined;
}

/** The first characters, none of them cut in two. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : characters.slice(0, length).join('');
}
