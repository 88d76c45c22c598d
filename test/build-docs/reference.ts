// Makes the reference from the doc comments: the repository in, a Markdown page for each import of the package out (TypeDoc).
import { Application, type DeclarationReflection, type ProjectReflection, ReflectionKind } from 'typedoc';
import { describe, isPublic } from './reference-text.ts';
import { Signatures } from './signature.ts';

/** What programs import, and the file that exports it. */
const imports = [
  { name: 'wirehub', file: 'src/index.ts', is: 'the hub: the server-side API of Socket.IO v4' },
  {
    name: 'wirehub/websocket',
    file: 'src/websocket/index.ts',
    is: 'WebSockets by themselves: the server-side API of `ws`',
  },
  { name: 'wirehub/client', file: 'src/client/index.ts', is: 'the client-side API of Socket.IO v4' },
] as const;

export interface Reference {
  /** The path that a page would have, and its Markdown. */
  readonly pages: readonly (readonly [file: string, text: string])[];
  /** Public names that no comment says anything about. */
  readonly undocumented: readonly string[];
}

/** Takes some seconds: see `reference` in cached.ts. */
export async function makeReference(root: string): Promise<Reference> {
  const modules = (await convert(root)).children ?? [];
  const signatures = new Signatures(root);
  const undocumented: string[] = [];
  const pages = imports.map(({ name, file, is }) => {
    const module = modules.find(({ sources }) => sources?.[0]?.fileName === file);
    const exported = (module?.children ?? []).filter(isPublic);
    undocumented.push(...exported.flatMap((one) => undocumentedIn(one)).map((one) => `${name}: ${one}`));
    return [`docs/reference/${pageOf(name)}`, describe(name, is, exported, signatures)] as const;
  });
  return { pages: [['docs/reference/README.md', index()], ...pages], undocumented };
}

const pageOf = (name: string) => `${name.replace('wirehub/', '')}.md`;

function index(): string {
  const rows = imports.map(({ name, is }) => `| [\`${name}\`](${pageOf(name)}) | ${is} |`);
  return [
    '# Reference',
    'Every public name, with its signature and what its author says of it. These pages are made from the comments in',
    'the [source](../../src), so they are never older than the code. The options with their defaults and limits are on',
    '[one page](../options.md).',
    '',
    '| import | is |\n| --- | --- |',
    ...rows,
  ].join('\n');
}

async function convert(root: string): Promise<ProjectReflection> {
  const app = await Application.bootstrap({
    entryPoints: imports.map(({ file }) => `${root}/${file}`),
    tsconfig: `${root}/src/tsconfig.json`,
    basePath: root,
    excludePrivate: true,
    excludeProtected: true,
    excludeInternal: true,
    // What Node's own classes have is in the documentation of Node.
    excludeExternals: true,
    // The compiler checks elsewhere, and nobody has to wait for it twice.
    skipErrorChecking: true,
    disableGit: true,
    gitRevision: 'none',
    sourceLinkTemplate: '{path}',
    readme: 'none',
    sort: ['kind', 'source-order'],
    logLevel: 'Error',
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc found nothing');
  return project;
}

function undocumentedIn(one: DeclarationReflection): string[] {
  if (one.kind === ReflectionKind.Reference) return [];
  const members = (one.children ?? []).filter(isPublic).filter((member) => !isDocumented(member));
  return [...(isDocumented(one) ? [] : [one.name]), ...members.map(({ name }) => `${one.name}.${name}`)];
}

/** A call may be described by its parameters alone. */
function isDocumented(one: DeclarationReflection): boolean {
  const calls = one.getNonIndexSignatures();
  const said = [one, ...calls, ...calls.flatMap(({ parameters = [] }) => parameters)];
  return said.some(
    ({ comment }) => comment !== undefined && comment.summary.length + comment.blockTags.length > 0,
  );
}
