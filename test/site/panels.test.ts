// The live panels of the chapters, in Chromium: what they show against the vectors and our own code, by keyboard as well.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Compressor } from '../../src/protocol/rfc7692/deflate.ts';
import { buildDocs } from '../build-docs/build.ts';
import { violations } from '../support/accessibility.ts';
import { demoInChromium, newPage, skip } from '../support/demo-pages.ts';
import { bytes, type FrameVector, vectors } from '../vectors/vectors.ts';

interface Step {
  readonly text: string;
  readonly afresh: string;
  readonly takeover: string;
}

/** A script of the pages, which has no types. */
const script = new URL('../../static/docs/panels/deflate-steps.js', import.meta.url).href;
const { steps } = (await import(script)) as { steps: readonly Step[] };

const hex = (some: Uint8Array) =>
  Buffer.from(some)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ');
const frame = (name: string) => bytes((vectors('frames').get(name) as FrameVector).hex);

describe('live panels', { skip }, () => {
  const on = demoInChromium(async () => ({ docs: await buildDocs() }));

  /** The panel of a chapter, when it is there. */
  async function panelOf(t: TestContext, chapter: string): Promise<Locator> {
    const page = await newPage(t, on, { viewport: { width: 360, height: 800 } });
    await page.goto(`/docs/${chapter}/`);
    const panel = page.locator('.panel');
    await panel.getByRole('heading').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth), 360);
    return panel;
  }

  /** The bytes that stand in a table, in one line. */
  const bytesIn = async (panel: Locator) => (await panel.locator('td code').allTextContents()).join(' ');
  const cells = async (row: Locator) => row.getByRole('cell').allTextContents();

  test('§5.2 the length panel shows the header of each form as the vectors have it', async (t) => {
    const panel = await panelOf(t, '03-frames');
    const exact = panel.getByLabel('or exactly');
    for (const [length, header] of [
      [125, 6],
      [126, 8],
      [65_536, 14],
    ] as const) {
      await exact.fill(`${length}`);
      assert.equal(await bytesIn(panel), hex(frame(`length-${length}`).subarray(0, header)));
      assert.match(
        (await panel.getByRole('status').textContent())!,
        new RegExp(`^${header} bytes of header`),
      );
    }
    const slider = panel.getByRole('slider');
    await slider.focus();
    await slider.press('Home');
    assert.equal(await bytesIn(panel), '82 80 00 00 00 00');
    await slider.press('End');
    await panel.getByRole('checkbox').uncheck();
    assert.equal(await bytesIn(panel), '82 7f 00 1f ff ff ff ff ff ff');
  });

  test('§5.3 the mask panel begins with the vector, and rolls a key that changes the bytes and not the text', async (t) => {
    const panel = await panelOf(t, '04-masking');
    const wire = panel.getByRole('status');
    const vector = hex(frame('rfc-5.7-masked-hello'));
    assert.equal(await wire.textContent(), vector);
    await panel.getByRole('button').press('Enter');
    const rolled = bytes((await wire.textContent())!);
    assert.notEqual(hex(rolled), vector);
    const unmasked = rolled.subarray(6).map((byte, i) => byte ^ rolled[2 + (i % 4)]!);
    assert.equal(Buffer.from(unmasked).toString(), 'Hello');
    await panel.getByRole('textbox').fill('');
    assert.equal(hex(bytes((await wire.textContent())!).subarray(0, 2)), '81 80');
  });

  test('§5.6 the UTF-8 panel cuts a character, and neither half is text', async (t) => {
    const panel = await panelOf(t, '06-utf8');
    const rows = panel.getByRole('row');
    const cut = 'no text: a character is cut';
    assert.deepEqual((await cells(rows.nth(1))).slice(1), ['e2', '11100010', cut]);
    assert.deepEqual((await cells(rows.nth(2))).slice(1), ['82 ac', '10000010 10101100', cut]);
    assert.match(
      (await panel.getByRole('status').textContent())!,
      /has “” after the first, and “€” at the end/,
    );
    const slider = panel.getByRole('slider');
    await slider.press('End');
    assert.deepEqual((await cells(rows.nth(1))).slice(3), ['“€”']);
    await panel.getByRole('textbox').fill('añ');
    await slider.press('Home');
    await slider.press('ArrowRight');
    assert.deepEqual((await cells(rows.nth(1))).slice(1), ['61', '01100001', '“a”']);
  });

  test('RFC 7692 §7.1.1 the compression panel shows what our compressor makes of its messages', async (t) => {
    const common = { maxWindowBits: 15, concurrencyLimit: 1 };
    const afresh = new Compressor({ ...common, noContextTakeover: true });
    const takeover = new Compressor({ ...common, noContextTakeover: false });
    const made = (compressor: Compressor, text: string) =>
      hex(compressor.compress(Buffer.from(text), true, () => {})!);
    for (const step of steps) {
      assert.equal(step.afresh, made(afresh, step.text));
      assert.equal(step.takeover, made(takeover, step.text));
    }
    const panel = await panelOf(t, '08-compression');
    await panel.getByRole('slider').press('End');
    const rows = panel.getByRole('row');
    assert.equal(await rows.count(), 1 + steps.length);
    const { text, afresh: long, takeover: short } = steps.at(-1)!;
    const sizes = [Buffer.byteLength(text), bytes(long).length, bytes(short).length];
    assert.deepEqual((await cells(rows.last())).slice(1), sizes.map(String));
  });

  test('the upgrade panel shows the upgrade of the page: open, probe, answer, upgrade', async (t) => {
    const panel = await panelOf(t, '11-upgrade');
    await panel.getByRole('button').click();
    await panel.getByText('nothing was lost or came twice').waitFor();
    const lines = await panel.getByRole('row').allTextContents();
    const at = (words: RegExp) => lines.findIndex((line) => words.test(line));
    const order = [/GET without sid/, /0 open: a sid/, /2probe/, /the probe was answered/].map(at);
    assert.ok(!order.includes(-1), lines.join('\n'));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  });
});
