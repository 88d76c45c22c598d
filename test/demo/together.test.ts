// What people in several pages do together: rooms, private messages, ticks, changes, typing, pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { demoInChromium, skip } from '../support/demo-pages.ts';
import { conversation, log, message, notice, open, person, say, words } from './chat-page.ts';
import { PlainClient } from './plain-client.ts';

const on = demoInChromium();

const place = (page: Page, called: string) =>
  page.getByRole('heading', { name: called, exact: true }).waitFor();

test('people make rooms, find those of others, see who is there, and leave', { skip }, async (t) => {
  const ada = await open(t, on, { name: 'Ada', viewport: { width: 1280, height: 800 } });
  await ada.getByLabel('Join or make a room').fill('#Birds of 東京');
  await ada.getByRole('button', { name: 'Join', exact: true }).click();
  await notice(ada, 'The name of a room is').waitFor();
  await ada.getByLabel('Join or make a room').fill('__proto__');
  await ada.getByLabel('Join or make a room').press('Enter');
  await place(ada, '#__proto__');
  const bob = await open(t, on, { name: 'Bob' });
  await conversation(bob, '#__proto__ 1').click();
  await place(bob, '#__proto__');
  await notice(ada, 'Bob joined').waitFor();
  await person(ada, 'Bob').waitFor();
  await say(ada, 'in here');
  await message(bob, 'Ada: in here').waitFor();
  await bob.getByRole('button', { name: 'Leave' }).click();
  await place(bob, '#lobby');
  await notice(ada, 'Bob left').waitFor();
  await person(ada, 'Bob').waitFor({ state: 'detached' });
});

test('what is said elsewhere is counted as unread until it is looked at', { skip }, async (t) => {
  const [ada, bob] = [await open(t, on, { name: 'Ann' }), await open(t, on, { name: 'Ben' })];
  await say(ada, '/join quiet');
  await place(ada, '#quiet');
  for (const text of ['one', 'two']) await say(bob, text);
  await conversation(ada, '#lobby 2').waitFor();
  assert.equal(await ada.title(), '(2) Wirehub · chat');
  await conversation(ada, '#lobby').click();
  await message(ada, 'Ben: two').waitFor();
  await conversation(ada, /^#lobby$/.source.slice(1, -1)).waitFor();
  assert.equal(await ada.title(), 'Wirehub · chat');
});

test('a private message is between two', { skip }, async (t) => {
  const [ada, bob, eve] = [
    await open(t, on, { name: 'Alice' }),
    await open(t, on, { name: 'Robert' }),
    await open(t, on, { name: 'Eve' }),
  ];
  await person(ada, 'Robert').getByRole('button').click();
  await place(ada, '@ Robert');
  await say(ada, 'just between us');
  await conversation(bob, '@ Alice 1').click();
  await message(bob, 'Alice: just between us').waitFor();
  await say(bob, 'of course');
  await message(ada, 'Robert: of course').waitFor();
  await message(ada, 'just between us').getByTitle('Arrived on one other page').waitFor();
  await say(eve, 'anything?');
  await message(eve, 'anything?').waitFor();
  assert.equal(await message(eve, 'between us').count(), 0);
  await say(bob, '/msg Eve nothing');
  await conversation(eve, '@ Robert 1').waitFor();
});

test('ticks say that the server has a message, and then on how many other pages it is', {
  skip,
}, async (t) => {
  const ada = await open(t, on, { name: 'Ada T' });
  await say(ada, '/join ticks');
  await place(ada, '#ticks');
  await say(ada, 'alone');
  await message(ada, 'alone').getByTitle('The server has it').waitFor();
  for (const called of ['Bob T', 'Eve T']) {
    const other = await open(t, on, { name: called });
    await say(other, '/join ticks');
    await place(other, '#ticks');
  }
  await say(ada, 'to two');
  await message(ada, 'to two').getByTitle('Arrived on 2 other pages').waitFor();
});

test('one changes one’s own messages, and only these', { skip }, async (t) => {
  const [ada, bob] = [await open(t, on, { name: 'Ada E' }), await open(t, on, { name: 'Bob E' })];
  const plain = await PlainClient.join(on.port);
  await say(ada, 'helo');
  await message(bob, 'Ada E: helo').waitFor();
  assert.equal(await message(bob, 'Ada E: helo').getByRole('button').count(), 0);
  await words(ada).fill('a draft');
  await message(ada, 'helo').getByRole('button', { name: 'Edit: helo' }).click();
  assert.equal(await words(ada).inputValue(), 'helo');
  await words(ada).fill('hello');
  await words(ada).press('Enter');
  for (const page of [ada, bob]) await message(page, 'hello').filter({ hasText: 'edited' }).waitFor();
  await plain.hear('Ada E: hello (edited)');
  assert.equal(await words(ada).inputValue(), 'a draft');
  await message(ada, 'hello').getByRole('button', { name: /Edit/ }).click();
  await words(ada).press('Escape');
  assert.equal(await words(ada).inputValue(), 'a draft');
  plain.socket.close();
});

test('who is typing is seen while they do', { skip }, async (t) => {
  const [ada, bob] = [await open(t, on, { name: 'Ada W' }), await open(t, on, { name: 'Bob W' })];
  // What may be lost is lost while the connection changes from one transport to the other.
  for (const page of [ada, bob]) await page.getByText('→ WebSocket').waitFor();
  await words(bob).pressSequentially('hm');
  const typing = ada.locator('#typing');
  await typing.filter({ hasText: 'Bob W is typing…' }).waitFor();
  await words(bob).press('Enter');
  await message(ada, 'hm').waitFor();
  assert.equal(await typing.textContent(), '');
});

/** A picture that only this page can have made, as a file that is dropped. */
const dropPicture = (page: Page, type: string) =>
  page.evaluate(`(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 900 });
    const context = canvas.getContext('2d');
    context.fillStyle = 'rgb(164, 72, 26)';
    context.fillRect(0, 0, 1600, 900);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    const data = new DataTransfer();
    data.items.add(new File([blob], 'a.png', { type: '${type}' }));
    document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
  })()`);

test('a picture that is dropped into the chat is drawn anew, smaller, and seen by the others', {
  skip,
}, async (t) => {
  const [ada, bob] = [await open(t, on, { name: 'Ada P' }), await open(t, on, { name: 'Bob P' })];
  const plain = await PlainClient.join(on.port);
  await dropPicture(ada, 'image/png');
  await ada.getByText(/A picture of \d+ kB/).waitFor();
  await say(ada, 'all copper');
  await plain.hear('Ada P: [picture, 1280 × 720] all copper');
  const shown = message(bob, 'all copper').getByRole('img', { name: 'Picture from Ada P, 1280 × 720' });
  await shown.and(bob.locator('[src^="blob:"]')).waitFor();
  const pixel = await shown.evaluate(async (image) => {
    await image.decode();
    const canvas = image.ownerDocument.createElement('canvas');
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return [image.naturalWidth, ...context.getImageData(9, 9, 1, 1).data];
  });
  assert.equal(pixel[0], 1280);
  for (const [i, channel] of [164, 72, 26].entries())
    assert.ok(Math.abs(pixel[i + 1]! - channel) < 9, String(pixel));
  // Who comes later sees it as well.
  const eve = await open(t, on);
  await message(eve, 'all copper').locator('img[src^="blob:"]').waitFor();
  plain.socket.close();
});

test('a file that is no picture is refused in words', { skip }, async (t) => {
  const page = await open(t, on);
  await page.locator('#file').setInputFiles({
    name: 'a.png',
    mimeType: 'image/png',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  });
  await notice(page, 'cannot read that as a picture').waitFor();
});

test('who sends too fast is told so politely, and gets the text back', { skip }, async (t) => {
  const page = await open(t, on);
  await say(page, '/join flood');
  await place(page, '#flood');
  // Faster than anybody types, and than the allowance comes back.
  await page.evaluate(`for (let i = 0; i < 60; i += 1) {
    document.getElementById('text').value = 'flood ' + i;
    document.getElementById('composer').requestSubmit();
  }`);
  await notice(page, 'more than this chat passes on').first().waitFor();
  assert.match(await words(page).inputValue(), /flood \d+/);
  assert.ok((await log(page).locator('.message').count()) < 60);
});
