// Byte sequences at every border of UTF-8 (RFC 3629 §3 and §4; the Unicode Standard, table 3-7), for RFC 6455 §8.1.

/** Valid text, as hex. */
export const valid: [what: string, hex: string][] = [
  ['the first code point of each length', '00 c280 e0a080 f0908080'],
  ['the last code point of each length', '7f dfbf efbfbf f48fbfbf'],
  ['the neighbours of the surrogates', 'ed9fbf ee8080'],
  ['the replacement character and the byte order mark', 'efbfbd efbbbf'],
  ['the non-characters of the first plane', 'efb790 efb7af efbfbe efbfbf'],
  [
    'two lead bytes at their lowest and highest continuations',
    'e0a080 e0bfbf e18080 ecbfbf f0908080 f0bfbfbf',
  ],
  ['the planes above the first', 'f18080 80 f3bfbfbf f4808080 f48fbfbf'],
  ['Greek, Han, emoji and a joined family', 'ceba e28883 e6bca2 f09f9880 f09f91a8e2808df09f91a9'],
  ['controls and escapes', '00 01 1b 7f c285 e280a8 e280a9'],
];

/** The two last code points of planes 1 to 16, which are not characters but are valid. */
for (let plane = 1; plane <= 16; plane++) {
  const points = String.fromCodePoint(plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff);
  valid.push([`the non-characters of plane ${plane}`, Buffer.from(points).toString('hex')]);
}

/** Invalid text, as hex: `!` stands before the first byte at which no valid text can go on. */
export const invalid: [what: string, hex: string][] = [
  ['a lone continuation byte, the lowest', '! 80'],
  ['a lone continuation byte, the highest', '! bf'],
  ['two continuation bytes', '! 80 bf'],
  ['a continuation byte after a whole character', 'ceba ! 80'],
  ['a continuation byte too many after three', 'e28883 ! 80'],
  ['a continuation byte too many after four', 'f09f9880 ! bf'],
  ['the slash in two bytes', '! c0 af'],
  ['the slash in three bytes', 'e0 ! 80 af'],
  ['the slash in four bytes', 'f0 ! 80 80 af'],
  ['the slash in five bytes', '! f8 80 80 80 af'],
  ['the slash in six bytes', '! fc 80 80 80 80 af'],
  ['NUL in two bytes', '! c0 80'],
  ['NUL in three bytes', 'e0 ! 80 80'],
  ['NUL in four bytes', 'f0 ! 80 80 80'],
  ['U+007F in two bytes', '! c1 bf'],
  ['U+07FF in three bytes', 'e0 ! 9f bf'],
  ['U+FFFF in four bytes', 'f0 ! 8f bf bf'],
  ['U+1FFFFF in five bytes', '! f8 87 bf bf bf'],
  ['U+3FFFFFF in six bytes', '! fc 83 bf bf bf bf'],
  ['the first high surrogate', 'ed ! a0 80'],
  ['the last high surrogate', 'ed ! af bf'],
  ['the first low surrogate', 'ed ! b0 80'],
  ['the last low surrogate', 'ed ! bf bf'],
  ['a pair of surrogates', 'ed ! a0 bd ed b8 80'],
  ['U+110000', 'f4 ! 90 80 80'],
  ['U+13FFFF', 'f4 ! bf bf bf'],
  ['U+140000', '! f5 80 80 80'],
  ['U+1FFFFF', '! f7 bf bf bf'],
  ['the first five-byte form', '! f8 88 80 80 80'],
  ['the last five-byte form', '! fb bf bf bf bf'],
  ['the first six-byte form', '! fc 84 80 80 80 80'],
  ['the last six-byte form', '! fd bf bf bf bf bf'],
  ['the byte FE', '! fe'],
  ['the byte FF', '! ff'],
  ['a byte order mark of UTF-16', '! ff fe'],
  ['a space after the lead of two', 'c3 ! 20'],
  ['a space after the lead of three', 'e2 ! 20'],
  ['a space after two of three', 'e2 88 ! 20'],
  ['a space after the lead of four', 'f0 ! 20'],
  ['a space after two of four', 'f0 9f ! 20'],
  ['a space after three of four', 'f0 9f 98 ! 20'],
  ['a lead byte after a lead byte', 'c3 ! c3'],
  ['a lead byte within three', 'e2 88 ! e2'],
  ['a lead byte within four', 'f0 9f 98 ! f0'],
  ['Latin-1', '63 61 66 e9 ! 21'],
  ['text after valid Greek', 'cebae1bdb9cf83cebcceb5 ! ff 656469746564'],
];

/** Text that ends within a character: wrong only once the message is over. */
export const truncated: [what: string, hex: string][] = [
  ['one byte of two', 'df'],
  ['one byte of three', 'ef'],
  ['two bytes of three', 'efbf'],
  ['one byte of four', 'f4'],
  ['two bytes of four', 'f48f'],
  ['three bytes of four', 'f48fbf'],
  ['whole characters and two bytes of three', 'ceba e28883 e288'],
];

export const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(/[ !]/g, ''), 'hex');

/** Whether, by table 3-7, `second` may follow the byte `first` that begins a character. */
export function mayFollow(first: number, second: number): boolean {
  if (first < 0x80) return true;
  if (first < 0xc2 || first > 0xf4) return false;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  return second >= lowest && second <= highest;
}
