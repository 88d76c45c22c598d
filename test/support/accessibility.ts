// Asks axe-core about a page: what breaks WCAG 2.2 or good practice comes out in words, so that a test can want none of it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One line for each rule that the page breaks as it is now: the rule, why it matters, and where. */
export async function violations(page: Page): Promise<string[]> {
  // By way of the debugger, which no Content-Security-Policy hinders.
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run()');
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}, at ${nodes.map(({ target }) => target.join(' ')).join(' and ')}`,
  );
}
