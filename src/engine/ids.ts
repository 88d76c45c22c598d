// Ids that nobody can guess: 20 characters, as programs around Socket.IO expect.
import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(12 * 256);
let used = pool.length;
let counter = 0;

/** 96 bits of randomness and a counter that rules out repetition, in the URL-safe alphabet of base64. */
export function generateId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.allocUnsafe(15);
  pool.copy(bytes, 0, used, used + 12);
  used += 12;
  bytes.writeUIntBE(counter, 12, 3);
  counter = (counter + 1) & 0xffffff;
  return bytes.toString('base64url');
}
