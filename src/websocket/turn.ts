// Who has bytes to send in; each flushed when the event loop has handed out all that had arrived, not in between.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import { each } from './each.ts';

// A peer that is written to while it works on the last write need not be woken again, and what several clients cause for
// one leaves together.

/** Something that gathers bytes, and lets go of them if it still has any. */
export interface Gathering {
  flushIfDue(): void;
}

/** Milliseconds for which bytes may wait while others are served. */
const patience = 0.25;

/**
 * For so many chunks nothing waits any more when something had to wait much longer: this loop has other work to do. If
 * that is found again at once, for twice as many.
 */
const fewestWithoutTurn = 64;
const mostWithoutTurn = 4096;

const due: Gathering[] = [];

/** How many chunks have been handled: tells what was sent just now from what was sent before. */
export let chunkCount = 0;

/** Between the first chunk that the loop hands out and the last. */
let isOpen = false;
let hurried = false;
let waitingSince = 0;
let withoutTurn = 0;
let nextWithoutTurn = fewestWithoutTurn;

/** To be called before a chunk is handled. */
export function beginChunk(): void {
  chunkCount++;
  if (withoutTurn > 0) {
    withoutTurn--;
    return;
  }
  let now = performance.now();
  if (due.length > 0 && now - waitingSince > patience) {
    flushDue(now);
    now = performance.now();
  }
  if (due.length === 0) waitingSince = now;
  if (isOpen) return;
  isOpen = true;
  setImmediate(endTurn);
}

/** Sees to it that `gathering` is flushed: at the end of the turn if one is under way, else of the tick. */
export function flushLater(gathering: Gathering): void {
  if (due.push(gathering) === 1 && !isOpen) hurry();
}

/** Lets all that waits leave at the end of the tick: there is so much that it need not wait for more. */
export function hurry(): void {
  if (hurried) return;
  hurried = true;
  process.nextTick(endTick);
}

function endTick(): void {
  hurried = false;
  each(due.splice(0), flushIfDue);
}

function endTurn(): void {
  isOpen = false;
  if (due.length > 0) flushDue(performance.now());
}

function flushDue(now: number): void {
  if (now - waitingSince > 2 * patience) {
    withoutTurn = nextWithoutTurn;
    nextWithoutTurn = Math.min(2 * nextWithoutTurn, mostWithoutTurn);
  } else {
    nextWithoutTurn = fewestWithoutTurn;
  }
  each(due.splice(0), flushIfDue);
}

function flushIfDue(gathering: Gathering): void {
  gathering.flushIfDue();
}

// What was sent before `process.exit()` was called still leaves: sockets take what they can at once.
process.on('exit', () => each(due.splice(0), flushIfDue));
