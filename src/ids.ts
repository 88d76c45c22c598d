// Makes the ids of sessions and sockets: 20 characters that nobody can guess.
import { randomFillSync } from 'node:crypto';

/** 15 bytes make 20 characters of base64: the length by which companion packages know an id. */
const size = 15;
const pool = Buffer.alloc(size * 256);
let used = pool.length;

export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += size;
  return pool.toString('base64url', used - size, used);
}
