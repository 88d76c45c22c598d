// Comma-separated header values: tokens, and extensions with parameters; in one pass over the text (RFC 6455 §4.3, §9.1).

/** A header value that does not follow its grammar; `position` is the index of the first character that can't be right. */
export class HeaderSyntaxError extends SyntaxError {
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at position ${position}`);
    this.position = position;
  }
}

/** One extension of an offer or answer. A parameter given more than once keeps all its values; one without a value has `true`. */
export interface Extension {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, readonly (string | true)[]>;
}

/** RFC 2616 §2.2: a token is one or more of these. */
const tokenCharacters = new Uint8Array(128);
for (const character of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  tokenCharacters[character.charCodeAt(0)] = 1;
}

/** Reads a header value from left to right. */
class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  skipSpace(): void {
    while (this.#text[this.at] === ' ' || this.#text[this.at] === '\t') this.at++;
  }

  /** Takes `character` if it is next. */
  take(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  token(): string {
    const start = this.at;
    while (tokenCharacters[this.#text.charCodeAt(this.at)] === 1) this.at++;
    if (this.at === start) this.fail(this.atEnd ? 'Unexpected end of header' : 'Unexpected character');
    return this.#text.slice(start, this.at);
  }

  /** §9.1: a quoted value, when unquoted, must be a token as well. */
  quotedToken(): string {
    let value = '';
    while (!this.take('"')) {
      this.take('\\');
      const code = this.#text.charCodeAt(this.at);
      if (tokenCharacters[code] !== 1)
        this.fail(this.atEnd ? 'Unexpected end of header' : 'Unexpected character');
      value += this.#text[this.at++];
    }
    if (value === '') this.fail('Empty value');
    return value;
  }

  fail(message: string): never {
    throw new HeaderSyntaxError(message, this.at);
  }
}

/** Reads `1#element`: one or more elements; empty ones between commas do not count (RFC 2616 §2.1). */
function list<T>(text: string, element: (scanner: Scanner) => T): T[] {
  const scanner = new Scanner(text);
  const elements: T[] = [];
  do {
    scanner.skipSpace();
    if (!scanner.atEnd && text[scanner.at] !== ',') elements.push(element(scanner));
    scanner.skipSpace();
  } while (scanner.take(','));
  if (!scanner.atEnd) scanner.fail('Unexpected character');
  if (elements.length === 0) scanner.fail('Unexpected end of header');
  return elements;
}

/**
 * Reads a list of tokens, as in `Connection`, `Upgrade` and `Sec-WebSocket-Protocol`.
 *
 * @throws HeaderSyntaxError
 */
export function parseTokens(text: string): string[] {
  return list(text, (scanner) => scanner.token());
}

/**
 * Reads the value of `Sec-WebSocket-Extensions` (RFC 6455 §9.1).
 *
 * @throws HeaderSyntaxError
 */
export function parseExtensions(text: string): Extension[] {
  return list(text, (scanner) => {
    const name = scanner.token();
    const parameters = new Map<string, (string | true)[]>();
    scanner.skipSpace();
    while (scanner.take(';')) {
      scanner.skipSpace();
      const parameter = scanner.token();
      scanner.skipSpace();
      const value = parameterValue(scanner);
      const values = parameters.get(parameter);
      if (values === undefined) parameters.set(parameter, [value]);
      else values.push(value);
      scanner.skipSpace();
    }
    return { name, parameters };
  });
}

function parameterValue(scanner: Scanner): string | true {
  if (!scanner.take('=')) return true;
  scanner.skipSpace();
  return scanner.take('"') ? scanner.quotedToken() : scanner.token();
}

/** Writes extensions as a header value, the inverse of `parseExtensions`. */
export function formatExtensions(extensions: readonly Extension[]): string {
  return extensions
    .map(({ name, parameters }) => {
      const pairs = [...parameters].flatMap(([key, values]) =>
        values.map((value) => (value === true ? key : `${key}=${value}`)),
      );
      return [name, ...pairs].join('; ');
    })
    .join(', ');
}
