// The strata of src/: imports point downwards only, in no cycle, and nothing under protocol/ does I/O or knows the time.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';

const src = path.join(import.meta.dirname, '../src');

/** Each stratum, a folder of src/ or a file in it, and what else it may import. A new one needs a line here. */
const mayImport: Record<string, readonly string[]> = {
  protocol: [],
  'ids.ts': [],
  'quiet-emitter.ts': [],
  // Only to know the host in an Origin.
  http: ['protocol'],
  websocket: ['protocol', 'quiet-emitter.ts'],
  // Takes anything that looks like a WebSocket, so it never imports websocket/.
  engine: ['protocol', 'http', 'ids.ts', 'quiet-emitter.ts'],
  // Takes anything that looks like a session, so it never imports engine/.
  hub: ['protocol', 'ids.ts', 'quiet-emitter.ts'],
  // Takes anything that looks like a WebSocket, as the engine does; paths and answers are those of all HTTP here.
  gateways: ['protocol', 'http', 'hub', 'ids.ts'],
  client: ['protocol'],
  'client-files.ts': ['http'],
  'server-options.ts': ['engine', 'hub', 'gateways'],
  'server-gateways.ts': ['protocol', 'http', 'websocket', 'engine', 'gateways', 'server-options.ts'],
  'server.ts': [
    ...['protocol', 'http', 'websocket', 'engine', 'hub', 'gateways'],
    ...['client-files.ts', 'server-options.ts', 'server-gateways.ts'],
  ],
  'index.ts': ['protocol', 'websocket', 'engine', 'hub', 'gateways', 'server.ts', 'server-options.ts'],
  demo: [
    'protocol',
    'http',
    'websocket',
    'engine',
    'hub',
    'gateways',
    'server.ts',
    'index.ts',
    'client-files.ts',
  ],
  'cli.ts': ['demo', 'server.ts', 'index.ts'],
};

/** The folders of protocol/, and which of the others they build on. */
const protocolFolders: Record<string, readonly string[]> = {
  rfc6455: [],
  rfc7692: ['rfc6455'],
  engineio: [],
  socketio: [],
};

const ioModules = ['net', 'http', 'https', 'http2', 'tls', 'dgram', 'dns', 'fs', 'stream', 'events', 'timers']
  .concat(['process', 'perf_hooks', 'child_process', 'worker_threads', 'cluster'])
  .flatMap((name) => [`node:${name}`, `node:${name}/promises`]);

const clocksAndTimers = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date'])
  .add('performance')
  .add('process');

interface Source {
  /** Below src/, with slashes. */
  readonly file: string;
  readonly text: string;
  /** As written, types included. */
  readonly imports: readonly string[];
}

const sources: Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(path.join(src, file), 'utf8');
    const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    return { file: file.split(path.sep).join('/'), text, imports };
  })
  .sort((a, b) => (a.file < b.file ? -1 : 1));

const stratumOf = (file: string) => file.split('/')[0]!;
const isRelative = (specifier: string) => specifier.startsWith('.');
const targetOf = (file: string, specifier: string) => path.posix.join(path.posix.dirname(file), specifier);

/** Pairs of importing and imported file. */
const edges = sources.flatMap(({ file, imports }) =>
  imports.filter(isRelative).map((specifier) => [file, targetOf(file, specifier)] as const),
);

/** The first cycle that leads back to a file on the path so far. */
function cycleFrom(file: string, trail: readonly string[], done: Set<string>): readonly string[] | undefined {
  if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const [from, to] of edges) {
    const cycle = from === file ? cycleFrom(to, [...trail, file], done) : undefined;
    if (cycle !== undefined) return cycle;
  }
  done.add(file);
  return undefined;
}

/** Names used in the code, but not to ask of a value whether it is one: `instanceof Date` reads no clock. */
function namesIn({ file, text }: Source): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) {
      visit(node.left);
    } else {
      ts.forEachChild(node, visit);
    }
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return names;
}

const protocol = sources.filter(({ file }) => stratumOf(file) === 'protocol');

describe('strata', () => {
  test('there is something to look at', () => {
    assert.ok(protocol.length > 10 && edges.length > 50, `${protocol.length} files, ${edges.length} imports`);
  });

  test('every file is in a stratum that this test knows', () => {
    const unknown = sources.map(({ file }) => file).filter((file) => !(stratumOf(file) in mayImport));
    assert.deepEqual(unknown, [], 'give them a line in mayImport');
  });

  test('imports point downwards only', () => {
    const upwards = edges.filter(([from, to]) => {
      const [here, there] = [stratumOf(from), stratumOf(to)];
      return here !== there && mayImport[here]?.includes(there) !== true;
    });
    assert.deepEqual(upwards, []);
  });

  test('so do those between the folders of protocol/', () => {
    const upwards = edges.filter(([from, to]) => {
      if (stratumOf(from) !== 'protocol') return false;
      const [here, there] = [from.split('/')[1]!, to.split('/')[1]!];
      return here !== there && protocolFolders[here]?.includes(there) !== true;
    });
    assert.deepEqual(upwards, []);
  });

  test('imports make no cycle, types included', () => {
    const done = new Set<string>();
    for (const { file } of sources) assert.equal(cycleFrom(file, [], done)?.join(' → '), undefined);
  });

  test('nothing imports a package, and what it imports of its own is there, by its full name', () => {
    const files = new Set(sources.map(({ file }) => file));
    const wrong = sources.flatMap(({ file, imports }) =>
      imports
        .filter((one) => (isRelative(one) ? !files.has(targetOf(file, one)) : !one.startsWith('node:')))
        .map((one) => `${file} imports ${one}`),
    );
    assert.deepEqual(wrong, []);
  });
});

describe('protocol/', () => {
  test('imports no module that does I/O, emits events or keeps time', () => {
    const wrong = protocol.flatMap(({ file, imports }) =>
      imports.filter((one) => ioModules.includes(one)).map((one) => `${file} imports ${one}`),
    );
    assert.deepEqual(wrong, []);
  });

  test('names no timer, no clock and no process', () => {
    const wrong = protocol.flatMap((source) =>
      [...namesIn(source)]
        .filter((name) => clocksAndTimers.has(name))
        .map((name) => `${source.file}: ${name}`),
    );
    assert.deepEqual(wrong, []);
  });

  test('engineio and socketio, which browsers run, import nothing of Node', () => {
    const wrong = protocol
      .filter(({ file }) => /^protocol\/(engineio|socketio)\//.test(file))
      .filter(({ imports }) => imports.some((one) => one.startsWith('node:')));
    assert.deepEqual(
      wrong.map(({ file }) => file),
      [],
    );
  });
});

describe('every file', () => {
  test('opens with one sentence in a comment of one line', () => {
    const wrong = sources.filter(({ text }) => {
      const [first, second] = text.replace(/^#!.*\n/, '').split('\n');
      // More may follow behind an empty line, and rules that are silenced for the whole file at once.
      const goesOn = /^\/\/ (?!biome-ignore-all )/.test(second!);
      return !/^\/\/ .*[.:!?)]$/.test(first!) || goesOn;
    });
    assert.deepEqual(
      wrong.map(({ file }) => file),
      [],
    );
  });
});
