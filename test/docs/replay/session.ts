// A code block as a terminal shows it in; its commands, each with the lines that follow it, out.

export interface Step {
  readonly command: string;
  /** What was printed; and, in a session of wscat, what was typed. */
  readonly lines: readonly string[];
}

/** Commands begin with `$ ` and go on in the next line after a backslash, a pipe, or while a quote is open. */
export function readSession(lines: readonly string[]): Step[] {
  const steps: { command: string; lines: string[] }[] = [];
  for (const line of lines) {
    const last = steps.at(-1);
    if (last !== undefined && goesOn(last)) last!.command += `\n${line}`;
    else if (line.startsWith('$ ')) steps.push({ command: line.slice(2), lines: [] });
    else if (last === undefined)
      throw new Error(`A session begins with "$ " and a command, not with ${line}`);
    else last.lines.push(line);
  }
  return steps;
}

const goesOn = ({ command, lines }: Step) =>
  lines.length === 0 && (/[\\|]$/.test(command) || command.split("'").length % 2 === 0);

/**
 * What was printed and what should have been, both with what may vary taken out, for `assert.equal`. A line `…` of the
 * expected ones stands for any number of lines.
 */
export function compared(
  printed: string,
  expected: readonly string[],
  varying: readonly RegExp[],
): [string, string] {
  const steady = (text: string) =>
    varying.reduce((rest, pattern) => rest.replace(pattern, '(varies)'), text.replaceAll('\r', '')).trimEnd();
  const [actual, wanted] = [steady(printed), steady(expected.join('\n'))];
  const pattern = wanted
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\\n)*?' : `${line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${actual}\n`) ? [wanted, wanted] : [actual, wanted];
}
