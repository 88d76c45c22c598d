// A DEFLATE stream in, what it says out, byte by byte and never further back than the agreed window (RFC 1951 §3.2).

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
].concat([131, 163, 195, 227, 258]);
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025,
].concat([1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]);
const lengthExtra = (symbol: number) => (symbol < 8 || symbol === 28 ? 0 : (symbol >> 2) - 1);
const distanceExtra = (symbol: number) => (symbol < 4 ? 0 : (symbol >> 1) - 1);
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Symbols by their code, which has a 1 before its first bit. */
type Codes = Map<number, number>;

/** §3.2.2: codes of one length follow each other, shorter ones come first. */
function codesOf(lengths: readonly number[]): Codes {
  const codes: Codes = new Map();
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    lengths.forEach((its, symbol) => {
      if (its === length) codes.set((1 << length) | code++, symbol);
    });
    code <<= 1;
  }
  return codes;
}

const fixedLiterals = codesOf(
  Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
const fixedDistances = codesOf(new Array<number>(30).fill(5));

/** Remembers its output from message to message, as a peer with context takeover does. */
export class StrictInflater {
  readonly #window: number;
  #output: number[] = [];
  #input: Uint8Array = new Uint8Array();
  #bit = 0;

  constructor(windowBits: number) {
    this.#window = 2 ** windowBits;
  }

  /** Reads whole blocks to the end of the input. */
  inflate(input: Uint8Array): Buffer {
    const start = this.#output.length;
    this.#input = input;
    this.#bit = 0;
    while (this.#bit < 8 * input.length) this.#block();
    return Buffer.from(this.#output.slice(start));
  }

  #bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) {
      const byte = this.#input[this.#bit >> 3];
      if (byte === undefined) throw new Error('The data ends inside of a block');
      value |= ((byte >> (this.#bit & 7)) & 1) << index;
      this.#bit++;
    }
    return value;
  }

  #symbol(codes: Codes): number {
    for (let code = 1; code < 1 << 16; ) {
      code = (code << 1) | this.#bits(1);
      const symbol = codes.get(code);
      if (symbol !== undefined) return symbol;
    }
    throw new Error('No such code');
  }

  #block(): void {
    if (this.#bits(1) === 1) throw new Error('A final block, which none of ours should be');
    const type = this.#bits(2);
    if (type === 0) this.#stored();
    else if (type === 1) this.#compressed(fixedLiterals, fixedDistances);
    else if (type === 2) this.#compressed(...this.#dynamicCodes());
    else throw new Error('Block type 3');
  }

  #stored(): void {
    this.#bit = (this.#bit + 7) & ~7;
    const length = this.#bits(16);
    if ((this.#bits(16) ^ 0xffff) !== length) throw new Error('Length and complement differ');
    for (let index = 0; index < length; index++) this.#output.push(this.#bits(8));
  }

  #dynamicCodes(): [Codes, Codes] {
    const [literals, distances, count] = [this.#bits(5) + 257, this.#bits(5) + 1, this.#bits(4) + 4];
    const codeLengths = new Array<number>(19).fill(0);
    for (const symbol of codeLengthOrder.slice(0, count)) codeLengths[symbol] = this.#bits(3);
    const codes = codesOf(codeLengths);
    const lengths: number[] = [];
    while (lengths.length < literals + distances) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) lengths.push(...new Array<number>(3 + this.#bits(2)).fill(lengths.at(-1)!));
      else lengths.push(...new Array<number>(symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7)).fill(0));
    }
    return [codesOf(lengths.slice(0, literals)), codesOf(lengths.slice(literals))];
  }

  #compressed(literals: Codes, distances: Codes): void {
    for (let symbol = this.#symbol(literals); symbol !== 256; symbol = this.#symbol(literals)) {
      if (symbol < 256) {
        this.#output.push(symbol);
        continue;
      }
      const length = lengthBases[symbol - 257]! + this.#bits(lengthExtra(symbol - 257));
      const index = this.#symbol(distances);
      this.#copy(distanceBases[index]! + this.#bits(distanceExtra(index)), length);
    }
  }

  #copy(distance: number, length: number): void {
    if (distance > this.#window) throw new Error(`${distance} bytes back, in a window of ${this.#window}`);
    if (distance > this.#output.length) throw new Error('Back before the beginning');
    for (let index = 0; index < length; index++) this.#output.push(this.#output.at(-distance)!);
  }
}
