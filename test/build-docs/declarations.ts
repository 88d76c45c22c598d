// Finds what a TypeScript file declares: its text in; names with the lines that they take, comments included, out.
import ts from 'typescript';

export interface Declaration {
  /** A member has the name of its class or interface before a dot. */
  readonly name: string;
  /** The first and the last line, counted from 1. */
  readonly first: number;
  readonly last: number;
  readonly inner: readonly Declaration[];
}

export function declarationsOf(file: string, text: string): Declaration[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const within = (node: ts.Node, owner: string): Declaration[] => {
    const found: Declaration[] = [];
    ts.forEachChild(node, (child) => {
      const names = namesOf(child);
      if (names.length === 0) {
        if (ts.isVariableStatement(child)) found.push(...within(child.declarationList, owner));
        return;
      }
      // A constant's comment belongs to its statement.
      const whole = ts.isVariableDeclaration(child) ? child.parent.parent : child;
      const comment = ts.getLeadingCommentRanges(text, whole.getFullStart())?.at(-1);
      const first = lineOf(comment?.pos ?? whole.getStart());
      const last = lineOf(whole.getEnd());
      const inner = isOwner(child) ? within(child, `${names[0]}.`) : [];
      for (const name of names) add(found, { name: owner + name, first, last, inner });
    });
    return found;
  };
  return within(source, '');
}

/** Overloads are one declaration, and so are accessors that read and write. Of a static and another the first counts. */
function add(found: Declaration[], one: Declaration): void {
  const before = found.at(-1);
  if (before?.name === one.name) found[found.length - 1] = { ...before, last: one.last };
  else if ((before?.last ?? 0) < one.first && !found.some(({ name }) => name === one.name)) found.push(one);
}

const isOwner = (node: ts.Node) => ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node);

function namesOf(node: ts.Node): string[] {
  const name = (node as ts.NamedDeclaration).name;
  const declares =
    isOwner(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isVariableDeclaration(node);
  if (!declares || name === undefined) return ts.isConstructorDeclaration(node) ? ['constructor'] : [];
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? [name.text] : [];
}

/** The declaration that a link names, by its full name or that of a member. */
export function declarationNamed(all: readonly Declaration[], name: string): Declaration | undefined {
  for (const one of all) {
    const found = one.name === name ? one : declarationNamed(one.inner, name);
    if (found !== undefined) return found;
  }
  const members = all.flatMap(({ inner }) => inner);
  return members.find((one) => one.name.endsWith(`.${name}`));
}
