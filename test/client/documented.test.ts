// The page about the client against the client: every option is in its tables with its default, every reason is one that occurs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { Page, root, rowsOf } from '../docs/page.ts';

const page = new Page('docs/client.md');
const client = path.join(root, 'src/client');

/** Rows of the table that begins with this heading. */
function table(first: string): string[][] {
  const found = page.blocks.filter(
    ({ language, lines }) => language === 'table' && lines[0]!.includes(` ${first} `),
  );
  assert.ok(found.length > 0, `no table of ${first}`);
  return found.flatMap(({ lines }) => rowsOf(lines));
}

/** The options and what their comments say is the default. */
function optionsIn(file: string): [name: string, standard: string | undefined][] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(client, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => name.text.endsWith('Options'))
    .flatMap(({ members }) => [...members])
    .map((member) => {
      const comment = ts
        .getJSDocCommentsAndTags(member)
        .map((one) => one.getText())
        .join(' ');
      return [member.name!.getText(), /Default (true|false)\b/.exec(comment)?.[1]];
    });
}

const options = [...optionsIn('options.ts'), ...optionsIn('platform.ts')];

describe('docs/client.md', () => {
  const rows = table('Option');
  /** Several may share a row. */
  const namesOf = (cell: string) => cell.split(', ');

  test('has every option, and none that there is not', () => {
    assert.deepEqual(rows.flatMap(([cell]) => namesOf(cell!)).sort(), options.map(([name]) => name).sort());
  });

  test('says of each what is on and what is off, as the code does', () => {
    const standards = new Map(options);
    const states = rows.filter((cells) => cells.length === 3 && /^(on|off)\b/.test(cells[1]!));
    assert.ok(states.length > 10);
    for (const [cell, standard] of states) {
      const name = namesOf(cell!)[0]!;
      // How a stamp is made depends on the transport.
      if (name === 'timestampRequests') continue;
      assert.equal(standards.get(name), standard === 'on' ? 'true' : 'false', name);
    }
  });

  test('lists the reasons for a disconnection that there are', () => {
    const source = readdirSync(client)
      .map((file) => readFileSync(path.join(client, file), 'utf8'))
      .join('\n');
    const raised = [...source.matchAll(/\b(?:_onClose|end|lose)\('([^']+)'/g)].map(([, reason]) => reason!);
    raised.push('transport error');
    const listed = table('Reason').map(([reason]) => reason!);
    assert.deepEqual(listed.sort(), [...new Set(raised)].filter((one) => one !== 'forced close').sort());
  });
});
