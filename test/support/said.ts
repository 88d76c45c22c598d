// The output of a program in; a promise that it has said some words, such as that it is ready, out.
import type { Readable } from 'node:stream';

/** Rejects, with all that came, if the output ends before. What comes after the words is thrown away. */
export async function said(output: Readable, words: string): Promise<void> {
  let log = '';
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    log += chunk;
    if (!log.includes(words)) continue;
    output.resume();
    return;
  }
  throw new Error(`"${words}" was never said, but: ${log}`);
}
