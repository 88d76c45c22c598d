// Programs and commands of the documentation are run, page by page and from top to bottom, and print what it says.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { isCode } from './kinds.ts';
import { type Block, type Mark, type Page, placeOf } from './page.ts';
import { pages } from './pages.ts';
import { compared, readSession } from './replay/session.ts';
import { Stage } from './replay/stage.ts';
import { replayWscat } from './replay/wscat.ts';

const kinds = ['file', 'server', 'run', 'output', 'replay'];

/** The block's mark of one of these kinds. */
const actOf = ({ marks }: Block) => marks.find(({ kind }) => kinds.includes(kind));

/** The file that a program of the page is written to. */
function fileOf({ line, language, lines }: Block, { of }: Mark): string {
  if (of.includes('.')) return of;
  const usesRequire = lines.some((one) => /\brequire\(/.test(one));
  const extension = isCode(language) && language.endsWith('ts') ? 'mts' : usesRequire ? 'cjs' : 'mjs';
  return `${of || `program-${line}`}.${extension}`;
}

class Play {
  readonly #stage = new Stage();
  /** Servers of the page, by name. */
  readonly #servers = new Map<string, string>();
  #printed = '';

  async act(block: Block, mark: Mark): Promise<void> {
    const source = block.lines.join('\n');
    if (mark.kind === 'file') this.#stage.write(mark.of, source);
    else if (mark.kind === 'server') this.#server(block, mark, source);
    else if (mark.kind === 'run') await this.#run(block, mark, source);
    else if (mark.kind === 'output') assert.equal(...compared(this.#printed, block.lines, mark.varying));
    else await this.#replay(block, mark);
  }

  #server(block: Block, mark: Mark, source: string): void {
    const file = fileOf(block, mark);
    this.#stage.write(file, source);
    this.#servers.set(mark.of, file);
  }

  async #run(block: Block, mark: Mark, source: string): Promise<void> {
    await this.#start(mark.of);
    if (block.language === 'sh') {
      const { printed, code } = await this.#stage.shell(`set -e\n${source}`);
      assert.equal(code, 0, printed);
      this.#printed = printed;
    } else {
      const file = fileOf(block, { ...mark, of: '' });
      this.#stage.write(file, this.#stage.asItIs(source));
      this.#printed = await this.#stage.run(file);
    }
  }

  async #replay({ lines }: Block, { of, varying }: Mark): Promise<void> {
    await this.#start(of);
    for (const step of readSession(lines)) {
      if (/^(npx )?wscat /.test(step.command)) {
        await replayWscat(await this.#stage.wordsOf(step.command), step.lines);
      } else {
        const { printed } = await this.#stage.shell(step.command);
        assert.equal(...compared(printed, step.lines, varying));
      }
    }
  }

  /** The demo, or servers of the page: their names, with commas between. */
  async #start(names: string): Promise<void> {
    for (const name of names.split(/, */).filter(Boolean)) {
      const file = name === 'demo' ? name : this.#servers.get(name);
      assert.ok(file, `the page has no server ${name} above`);
      await this.#stage.start(file);
    }
  }

  close(): Promise<void> {
    return this.#stage.close();
  }
}

function playPage(page: Page): void {
  const acts = page.blocks.filter((block) => actOf(block) !== undefined);
  if (acts.length === 0) return;
  describe(page.file, { concurrency: 1 }, () => {
    const play = new Play();
    after(() => play.close());
    for (const block of acts) {
      test(placeOf(block), { timeout: 30_000 }, () => play.act(block, actOf(block)!));
    }
  });
}

describe('replays', { concurrency: 2 }, () => {
  for (const page of pages) playPage(page);
});
