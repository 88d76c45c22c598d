// Pictures in the chat: what their headers say, who gets them, and what is refused or forgotten.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { limits } from '../../../src/demo/chat/limits.ts';
import { Pictures, readPicture } from '../../../src/demo/chat/pictures.ts';
import { type TestDemo, testDemo } from '../../support/demo.ts';
import { Member } from './member.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex');

/** Headers, of which no more is read. */
const png = (width: number, height: number, then = 'IDAT') => {
  const size = [width, height].map((side) => side.toString(16).padStart(8, '0')).join('');
  return bytes(
    `89504e47 0d0a1a0a 0000000d ${ascii('IHDR')} ${size} 0806000000 00000000 00000000 ${ascii(then)}`,
  );
};
const jpeg = bytes('ffd8 ffe0 0010 4a46494600 0101 00 0001 0001 00 00 ffc2 0011 08 01e0 0280 03 000000');
const webp = (chunk: string, rest: string) =>
  bytes(`${ascii('RIFF')} 00000000 ${ascii('WEBP')} ${ascii(chunk)} 00000000 ${rest}`);

test('the headers of PNG, JPEG and all three kinds of WebP say how large a picture is', () => {
  assert.deepEqual(readPicture(png(640, 480)), { type: 'image/png', width: 640, height: 480 });
  assert.deepEqual(readPicture(jpeg), { type: 'image/jpeg', width: 640, height: 480 });
  const is = { type: 'image/webp', width: 640, height: 480 };
  assert.deepEqual(readPicture(webp('VP8X', '00 000000 7f0200 df0100')), is);
  assert.deepEqual(readPicture(webp('VP8 ', '000000 9d012a 8002 e001')), is);
  assert.deepEqual(readPicture(webp('VP8L', '2f 7fc27700')), is);
});

test('what moves, is cut off, or is something else, is no picture', () => {
  const others = [
    png(10, 10, 'acTL'),
    webp('VP8X', '02 000000 7f0200 df0100'),
    webp('ICCP', ''),
    bytes('ffd8 ffda 0010'),
    bytes('ffd8 0000 0000'),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    Buffer.from('GIF89a'),
    Buffer.alloc(0),
  ];
  for (const one of others) assert.equal(readPicture(one), undefined, one.toString('latin1'));
  for (const whole of [png(1, 1), jpeg, webp('VP8L', '2f 7fc27700')]) {
    for (let length = 0; length < Math.min(20, whole.length); length += 1) {
      assert.equal(readPicture(whole.subarray(0, length)), undefined);
    }
  }
});

test('the oldest pictures are forgotten, and those that are too large are refused in words', () => {
  const pictures = new Pictures();
  const ids = Array.from({ length: limits.pictures + 1 }, () => {
    const picture = pictures.add(png(2, 3));
    assert.ok(typeof picture === 'object');
    return picture.id;
  });
  assert.equal(pictures.get(ids[0]!), undefined);
  assert.deepEqual(pictures.get(ids[1]!), png(2, 3));
  assert.match(pictures.add(png(2049, 1)) as string, /2048 pixels.*2049 × 1/);
  assert.match(pictures.add(png(0, 1)) as string, /0 × 1/);
  assert.match(pictures.add(Buffer.alloc(limits.pictureBytes + 1)) as string, /256 kB.*257/);
  assert.match(pictures.add('data:image/png;base64,') as string, /no picture/);
});

let demo: TestDemo;
before(async () => {
  demo = await testDemo();
});
after(() => demo.close(0));

test('a picture goes as bytes, and comes as bytes to whoever asks for it', async () => {
  const [ada, bob] = [await Member.inLobby(demo.port, 'Ada'), await Member.inLobby(demo.port, 'Bob')];
  const { message } = await ada.ask('show', '#lobby', png(64, 48), 'a little one', 'n1');
  const heard = await bob.hearText('a little one');
  assert.deepEqual(heard, message);
  const { id, ...what } = heard.picture!;
  assert.deepEqual(what, { type: 'image/png', width: 64, height: 48, bytes: png(64, 48).length });
  assert.deepEqual((await bob.ask('look', id)).picture, png(64, 48));
  assert.match((await bob.ask('look', 'guessed')).error ?? '', /not remembered/);
  assert.match((await ada.ask('show', '#lobby', Buffer.from('<script>'))).error ?? '', /PNG, JPEG or WebP/);
  for (const { socket } of [ada, bob]) socket.disconnect();
});
