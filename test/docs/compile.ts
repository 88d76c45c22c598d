// All programs of the documentation in, as one program of TypeScript against the source of the package; what is wrong out.
import path from 'node:path';
import ts from 'typescript';
import { isCode } from './kinds.ts';
import { type Block, root } from './page.ts';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  // Pages run in browsers, servers in Node: a program of the documentation may be either.
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  module: ts.ModuleKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  useUnknownInCatchVariables: false,
  skipLibCheck: true,
  paths: {
    wirehub: [path.join(root, 'src/index.ts')],
    'wirehub/websocket': [path.join(root, 'src/websocket/index.ts')],
    'wirehub/client': [path.join(root, 'src/client/index.ts')],
  },
};

/** Parameters and variables without a type: JavaScript has no place to write it. */
const impliesAny = (code: number) => code >= 7005 && code <= 7053;

/** Where a program would be, beside node_modules. */
const fileOf = ({ page, line }: Block) => path.join(root, `${page.file.replaceAll('/', '-')}.${line}.mts`);

export function compileErrors(blocks: readonly Block[]): Map<Block, string[]> {
  const programs = new Map(
    blocks.filter(({ language }) => isCode(language)).map((block) => [fileOf(block), block]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => programs.has(path.normalize(file)) || fileExists(file);
  host.readFile = (file) => {
    const block = programs.get(path.normalize(file));
    return block === undefined ? readFile(file) : sourceOf(block);
  };
  const program = ts.createProgram([...programs.keys()], options, host);
  return new Map(
    [...programs].map(([file, block]) => {
      const source = program.getSourceFile(file)!;
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [block, found.filter(({ code }) => isTyped(block) || !impliesAny(code)).map(words(block))];
    }),
  );
}

const isTyped = ({ language }: Block) => /^(m?ts|typescript)$/.test(language);

const sourceOf = ({ given, lines }: Block) => [given, ...lines, ''].join('\n');

function words({ page, line, given }: Block): (diagnostic: ts.Diagnostic) => string {
  // Of the given lines, which readers do not see, none may be wrong either: they count backwards.
  const before = given.split('\n').length;
  return ({ file, start, messageText }) => {
    const at = file!.getLineAndCharacterOfPosition(start!).line - before;
    return `${page.file}:${line + 1 + at}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  };
}
