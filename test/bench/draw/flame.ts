// A CPU profile of V8 in; a flame graph out: who called whom, as wide as the time it took. Idle time is left out.
import { readFileSync } from 'node:fs';
import { drawing, escaped, round } from './svg.ts';

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

export interface Profile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

interface Flame {
  name: string;
  file: string;
  time: number;
  children: Map<string, Flame>;
}

const width = 1200;
const rowHeight = 18;
const top = 34;
/** What is narrower is not drawn. */
const least = 2;
/** Up to here the server opens its connections and warms up. */
const leftOut = 0.4;

const colours = {
  system: '#d1477a',
  collector: '#8b949e',
  node: '#6aa84f',
  ours: '#4a90d9',
} as const;

/** What a function belongs to: system calls have no file and a name of the streams of libuv. */
function kind({ name, file }: Flame): keyof typeof colours {
  if (
    /^(write|writev|shutdown|close|open|bind|listen|read)(Buffer|Utf8String|Latin1String)?$/.test(name) &&
    file === ''
  )
    return 'system';
  if (name === '(garbage collector)') return 'collector';
  return file === '' || file.startsWith('node:') ? 'node' : 'ours';
}

function nameOf({ callFrame: { functionName, url } }: ProfileNode): { name: string; file: string } {
  return {
    name: functionName === '' ? '(anonymous)' : functionName,
    file: url.startsWith('node:') ? url : url.split('/').slice(-2).join('/'),
  };
}

function gather({ nodes, samples, timeDeltas }: Profile): Flame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const root: Flame = { name: 'all that is not idle', file: '', time: 0, children: new Map() };
  for (let i = Math.floor(samples.length * leftOut); i < samples.length; i++) {
    const path: ProfileNode[] = [];
    for (let id = samples[i]; id !== undefined; id = parents.get(id)) path.push(byId.get(id)!);
    const names = path.reverse().map(nameOf);
    if (names.some(({ name }) => name === '(idle)')) continue;
    let flame = root;
    flame.time += timeDeltas[i]!;
    for (const { name, file } of names.slice(1)) {
      const key = `${name} ${file}`;
      let child = flame.children.get(key);
      if (child === undefined) {
        child = { name, file, time: 0, children: new Map() };
        flame.children.set(key, child);
      }
      child.time += timeDeltas[i]!;
      flame = child;
    }
  }
  return root;
}

export function drawFlame(title: string, profile: Profile): string {
  const root = gather(profile);
  const content: string[] = [];
  let deepest = 0;
  const draw = (flame: Flame, x: number, depth: number): void => {
    const size = (flame.time / root.time) * width;
    if (size < least) return;
    deepest = Math.max(deepest, depth);
    const y = top + depth * rowHeight;
    const share = `${((flame.time / root.time) * 100).toFixed(1)} %`;
    const letters = Math.floor((size - 6) / 6.4);
    const text = letters < 3 ? '' : flame.name.slice(0, letters);
    content.push(
      `<g><title>${escaped(`${flame.name} ${flame.file} ${share}`)}</title>` +
        `<rect x="${round(x)}" y="${y}" width="${round(size - 0.5)}" height="${rowHeight - 1}" rx="2" fill="${colours[kind(flame)]}"/>` +
        (text === ''
          ? '</g>'
          : `<text x="${round(x + 3)}" y="${y + 13}" class="on">${escaped(text)}</text></g>`),
    );
    let at = x;
    for (const child of [...flame.children.values()].sort((a, b) => b.time - a.time)) {
      draw(child, at, depth + 1);
      at += (child.time / root.time) * width;
    }
  };
  draw(root, 0, 0);
  const legend = Object.entries({
    system: 'system calls',
    node: 'Node',
    ours: 'this server',
    collector: 'collecting garbage',
  });
  return drawing(width, top + (deepest + 1) * rowHeight + 8, title, [
    '<style>.on{font:10.5px ui-monospace,monospace;fill:#fff}</style>',
    `<text x="4" y="20" class="title">${escaped(title)}</text>`,
    ...legend.map(
      ([name, text], i) =>
        `<rect x="${640 + i * 140}" y="10" width="12" height="12" fill="${colours[name as keyof typeof colours]}"/><text x="${656 + i * 140}" y="20">${text}</text>`,
    ),
    ...content,
  ]);
}

export function readProfile(file: string): Profile {
  return JSON.parse(readFileSync(file, 'utf8')) as Profile;
}
