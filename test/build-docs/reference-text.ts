// Writes one page of the reference as Markdown: what a module exports in; headings, signatures and words out.
import {
  type Comment,
  type DeclarationReflection,
  type ReferenceReflection,
  ReflectionKind,
  type SignatureReflection,
} from 'typedoc';
import type { Place, Signatures } from './signature.ts';

/** What begins with an underscore is for the library itself; the other is for `require()`. */
export const isPublic = ({ name }: DeclarationReflection) =>
  !name.startsWith('_') && name !== 'module.exports';

export function describe(
  name: string,
  is: string,
  exported: readonly DeclarationReflection[],
  signatures: Signatures,
): string {
  const own = new Set(exported.filter((one) => !isAlias(one)).map((one) => one.name));
  // What another import exports as well is described on both pages.
  const shown = exported.map((one) => (isAlias(one) && !own.has(targetOf(one).name) ? targetOf(one) : one));
  const aliases = shown.filter(isAlias);
  const others = shown.filter((one) => !isAlias(one));
  const page = new ReferencePage(others, signatures);
  return [
    `# \`${name}\`: the reference`,
    `${is[0]!.toUpperCase()}${is.slice(1)}.`,
    page.index(others),
    ...aliases.map((alias) => page.alias(alias)),
    ...others.flatMap((one) => page.entry(one)),
  ].join('\n\n');
}

const isAlias = ({ kind }: DeclarationReflection) => kind === ReflectionKind.Reference;

/** What a name that is exported again stands for. */
const targetOf = (alias: DeclarationReflection) =>
  (alias as unknown as ReferenceReflection).getTargetReflectionDeep() as DeclarationReflection;

class ReferencePage {
  readonly #names: ReadonlySet<string>;
  readonly #signatures: Signatures;

  constructor(exported: readonly DeclarationReflection[], signatures: Signatures) {
    this.#names = new Set(exported.map(({ name }) => name));
    this.#signatures = signatures;
  }

  index(all: readonly DeclarationReflection[]): string {
    const rows = all.map(
      (one) => `| [\`${one.name}\`](#${one.name.toLowerCase()}) | ${firstSentence(one)} |`,
    );
    return ['| name | is |\n| --- | --- |', ...rows].join('\n');
  }

  alias(one: DeclarationReflection): string {
    const { name } = targetOf(one);
    const link = `[\`${name}\`](#${name.toLowerCase()})`;
    return one.name === 'default'
      ? `${link} is the default export, too.`
      : `\`${one.name}\` is another name for ${link}.`;
  }

  entry(one: DeclarationReflection): string[] {
    const members = (one.children ?? []).filter(isPublic);
    const whole = this.#paragraphs(`## \`${one.name}\``, one);
    if (members.length === 0) return whole;
    const plain = members.every(({ kind }) => kind === ReflectionKind.Property);
    const isRecord = one.kind === ReflectionKind.Interface && plain;
    if (isRecord) return [...whole, this.#table(members)];
    return [...whole, ...members.flatMap((member) => this.#member(one, member))];
  }

  #member(owner: DeclarationReflection, member: DeclarationReflection): string[] {
    const isConstructor = member.kind === ReflectionKind.Constructor;
    const isMethod = member.kind === ReflectionKind.Method;
    const name = isConstructor
      ? `new ${owner.name}()`
      : `${owner.name}.${member.name}${isMethod ? '()' : ''}`;
    return this.#paragraphs(`### \`${name}\``, member);
  }

  /** Heading, signatures, words and what belongs to them. */
  #paragraphs(heading: string, one: DeclarationReflection): string[] {
    const calls = one.getNonIndexSignatures();
    const places = [...calls.flatMap(({ sources }) => sources ?? []), ...(one.sources ?? [])] as Place[];
    const quoted = [...new Set(places.map((place) => this.#signatures.of(place)))];
    // An implementation behind overloads is not what is called.
    const signatures = calls.length > 1 ? quoted.slice(0, calls.length) : quoted.slice(0, 1);
    const said = [one.comment, ...calls.map(({ comment }) => comment)].filter(
      (comment) => comment !== undefined,
    );
    return [
      heading,
      `\`\`\`ts\n${signatures.join(';\n')};\n\`\`\``,
      ...new Set(said.map((comment) => textOf(comment)).filter((text) => text !== '')),
      ...parameters(calls),
      ...new Set(said.flatMap(tags)),
      [...this.#seeAlso(signatures.join(), one.name), sourceLink(places[0])].filter(Boolean).join(' · '),
    ];
  }

  /** Exported names that a signature uses. */
  #seeAlso(signature: string, self: string): string[] {
    const used = new Set(signature.match(/\b[A-Z]\w+/g) ?? []);
    return [...used]
      .filter((name) => this.#names.has(name) && name !== self)
      .map((name) => `[\`${name}\`](#${name.toLowerCase()})`);
  }

  #table(members: readonly DeclarationReflection[]): string {
    const rows = members.map((member) => {
      const type = this.#signatures.typeAt(member.sources![0]! as Place).replace(/\s+/g, ' ');
      const words =
        member.comment === undefined
          ? ''
          : oneLine([textOf(member.comment), ...tags(member.comment)].join(' '));
      return `| \`${member.name}\` | \`${type.replaceAll('|', '\\|')}\` | ${words} |`;
    });
    return ['| name | type | meaning |\n| --- | --- | --- |', ...rows].join('\n');
  }
}

function parameters(calls: readonly SignatureReflection[]): string[] {
  const said = new Map<string, string>();
  for (const { parameters: all = [] } of calls) {
    for (const { name, comment } of all) if (comment) said.set(name, oneLine(textOf(comment)));
  }
  if (said.size === 0) return [];
  return [[...said].map(([name, words]) => `- \`${name}\`: ${words}`).join('\n')];
}

const titles: Record<string, string> = {
  '@default': 'Default:',
  '@defaultValue': 'Default:',
  '@deprecated': 'Deprecated:',
  '@example': '',
  '@returns': 'Returns',
  '@see': 'See',
  '@throws': 'Throws',
};

const tags = ({ blockTags }: Comment): string[] =>
  blockTags.map(({ tag, content }) => `${titles[tag] ?? tag.slice(1)} ${join(content)}`.trim());

const textOf = ({ summary }: Comment): string => join(summary);
const join = (parts: readonly { text: string }[]) =>
  parts
    .map(({ text }) => text)
    .join('')
    .trim();
const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');

function firstSentence(one: DeclarationReflection): string {
  const comment = one.comment ?? one.getNonIndexSignatures().find((call) => call.comment)?.comment;
  return comment === undefined ? '' : oneLine(/^[\s\S]*?[.!?](?=\s|$)|^[\s\S]*/.exec(textOf(comment))![0]);
}

const sourceLink = (place: Place | undefined) =>
  place === undefined ? '' : `[${place.fileName}](../../${place.fileName}#L${place.line})`;
