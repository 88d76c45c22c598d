// A TypeScript file in; the names that it declares out, those of a class's members with its name before a dot as well.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

export function declaredNames(file: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node, owner: string): void => {
    const name = nameOf(node);
    if (name !== undefined) names.add(name).add(`${owner}${name}`);
    const inner = ts.isClassDeclaration(node) && node.name ? `${node.name.text}.` : owner;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest), '');
  return names;
}

function nameOf(node: ts.Node): string | undefined {
  const declares =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isGetAccessorDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isVariableDeclaration(node);
  return declares && node.name && ts.isIdentifier(node.name) ? node.name.text : undefined;
}
