// Makes the offsets of packets that may have to be sent again: text that is unique and grows with time (Socket.IO protocol v5).

const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

/** A number in base 64, in an alphabet whose order is that of its characters. */
function toText(value: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 64)) text = alphabet[rest % 64] + text;
  return text;
}

export class Offsets {
  #time = 0;
  #ties = 0;

  /** The milliseconds since 1970, and a number for those after the first within one. */
  next(now: number): string {
    if (now > this.#time) {
      this.#time = now;
      this.#ties = 0;
      return toText(now);
    }
    return `${toText(this.#time)}.${toText(++this.#ties)}`;
  }
}

const local = new RegExp(`^[${alphabet}]{7}(\\.[${alphabet}]+)?$`);
const ofRedisStream = /^\d{13}-\d+$/;

/** The time at which an offset was made, in milliseconds since 1970: one of ours, or of the adapter for Redis streams. */
export function timeOfOffset(offset: string): number | undefined {
  if (ofRedisStream.test(offset)) return Number(offset.slice(0, 13));
  if (!local.test(offset)) return undefined;
  let time = 0;
  for (const digit of offset.slice(0, 7)) time = time * 64 + alphabet.indexOf(digit);
  return time;
}
