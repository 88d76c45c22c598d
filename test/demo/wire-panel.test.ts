// The wire beside the chat: what people say in the page is there as the frames that carried it, for them alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from '../support/accessibility.ts';
import { demoInChromium, skip } from '../support/demo-pages.ts';
import { message, open, say } from './chat-page.ts';

const on = demoInChromium();

test('the first message is seen as the frame that carried it, and taken apart; others do not see it', {
  skip,
}, async (t) => {
  // What moves has other colours while it does.
  const ada = await open(t, on, {
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  const eve = await open(t, on, { viewport: { width: 1280, height: 800 } });
  await ada.getByText('→ WebSocket').waitFor();
  await say(ada, 'look at this');
  await message(eve, 'look at this').waitFor();
  const sent = ada
    .locator('#wire .row[data-from="client"]')
    .filter({ hasText: '"say" "#lobby","look at this"' });
  await sent.click();
  await ada.locator('#wire .detail').getByText('client → server').waitFor();
  // Eve has received the message, and sees that; how Ada has sent it is no business of hers.
  const rows = eve.locator('#wire .row');
  await rows.filter({ hasText: '"said"' }).first().waitFor();
  assert.equal(await rows.filter({ hasText: '"say" "#lobby","look at this"' }).count(), 0);
  assert.deepEqual(await violations(ada), []);
});

test('on a phone the wire is a view of its own', { skip }, async (t) => {
  const page = await open(t, on, { viewport: { width: 360, height: 740 } });
  await page.getByRole('button', { name: 'Wire', exact: true }).click();
  await page.locator('#wire .row').first().waitFor();
  assert.equal(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth), 360);
  assert.deepEqual(await violations(page), []);
});
