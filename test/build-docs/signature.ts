// Quotes a declaration as its author wrote it, without its body: a place in a TypeScript file in, the text of the signature out.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Where a name is declared. */
export interface Place {
  /** Below the root of the repository, with slashes. */
  readonly fileName: string;
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly character: number;
}

export class Signatures {
  readonly #root: string;
  readonly #files = new Map<string, ts.SourceFile>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The whole signature, as code. */
  of(place: Place): string {
    const node = this.#declarationAt(place);
    const file = node.getSourceFile();
    const text = file.text.slice(node.getStart(file), endOf(node, file));
    return tidy(ts.isVariableDeclaration(node) ? `const ${text}` : text);
  }

  /** The type of a property alone. */
  typeAt(place: Place): string {
    const node = this.#declarationAt(place) as ts.PropertySignature;
    return node.type === undefined ? '' : tidy(node.type.getText()).replace(/ \| undefined$/, '');
  }

  #declarationAt({ fileName, line, character }: Place): ts.Node {
    const file = this.#file(fileName);
    const position = file.getPositionOfLineAndCharacter(line - 1, character);
    let found: ts.Node = file;
    const visit = (node: ts.Node): void => {
      if (node.getStart(file) > position || node.end <= position) return;
      if (isDeclaration(node)) found = node;
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  }

  #file(name: string): ts.SourceFile {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const text = readFileSync(path.join(this.#root, name), 'utf8');
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    this.#files.set(name, file);
    return file;
  }
}

const isDeclaration = (node: ts.Node) =>
  ts.isClassDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isVariableDeclaration(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isClassElement(node) ||
  ts.isTypeElement(node);

/** Where the part that says how it is done begins. */
function endOf(node: ts.Node, file: ts.SourceFile): number {
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) return node.members.pos - 1;
  if (ts.isFunctionLike(node)) return (node as ts.FunctionDeclaration).body?.getStart(file) ?? node.end;
  if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) {
    // What it is at first says the type, if nothing else does.
    return node.type !== undefined ? node.type.end : node.end;
  }
  return node.end;
}

function tidy(text: string): string {
  const indent = /\n( *)\S[^\n]*$/.exec(text)?.[1] ?? '';
  return text
    .replaceAll(`\n${indent}`, '\n')
    .replace(/^\s*\/\/.*\n/gm, '')
    .replace(/^(export |declare |public |override |abstract )+/, '')
    .replace(/[;\s]+$/, '');
}
