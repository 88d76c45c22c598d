// Who has bytes to send in; each flushed at the end of the tick, or of a turn of the event loop that hands out much.
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import { each } from './each.ts';

// A peer that is written to while it works on the last write need not be woken again, and what several clients cause for
// one leaves together.

/** Something that gathers bytes, and lets go of them if it still has any. */
export interface Gathering {
  flushIfDue(): void;
}

/** Milliseconds for which bytes may wait while others are served. */
const patience = 0.25;

/** A chunk that follows the last, or what that led to, within so many milliseconds says that the loop hands out much. */
const busyWithin = 0.1;

/**
 * For so many chunks nothing waits any more when something had to wait much longer: this loop has other work to do. If
 * that is found again at once, for twice as many.
 */
const fewestWithoutTurn = 64;
const mostWithoutTurn = 4096;

// Taken once: clocks that a program's tests put in their place would stop all connections.
const { nextTick } = process;
const { setImmediate } = timers;

const due: Gathering[] = [];

/** How many ticks have ended in which something was sent: tells what was sent just now from what was sent before. */
export let tickCount = 0;

let tickWillEnd = false;
let flushesAtTickEnd = false;

/** Between a chunk that followed the last one closely and the end of what the loop hands out. */
let turnIsOpen = false;
let activeAt = 0;
let waitingSince = 0;
let withoutTurn = 0;
let nextWithoutTurn = fewestWithoutTurn;

/** To be called before a chunk is handled. */
export function beginChunk(): void {
  const now = performance.now();
  const isBusy = now - activeAt < busyWithin;
  activeAt = now;
  if (withoutTurn > 0) {
    withoutTurn--;
    return;
  }
  if (due.length > 0 && now - waitingSince > patience) flushBeforeChunk(now);
  if (due.length === 0) waitingSince = activeAt;
  if (turnIsOpen || !isBusy) return;
  turnIsOpen = true;
  setImmediate(endTurn);
}

/** Sees to it that `gathering` is flushed: at the end of the tick, or of the turn if one is under way. */
export function flushLater(gathering: Gathering): void {
  due.push(gathering);
  if (turnIsOpen && withoutTurn === 0) endTickLater();
  else hurry();
}

/** Lets all that waits leave at the end of the tick: it is so much, or so wanted, that it need not wait for more. */
export function hurry(): void {
  flushesAtTickEnd = true;
  endTickLater();
}

function endTickLater(): void {
  if (tickWillEnd) return;
  tickWillEnd = true;
  nextTick(endTick);
}

function endTick(): void {
  tickWillEnd = false;
  tickCount++;
  if (!flushesAtTickEnd) return;
  flushesAtTickEnd = false;
  flushAll();
}

function endTurn(): void {
  turnIsOpen = false;
  if (due.length > 0) flushDue(performance.now());
}

/** What fails here concerns another connection than the one whose chunk is about to be handled. */
function flushBeforeChunk(now: number): void {
  try {
    flushDue(now);
  } catch (error) {
    nextTick(() => {
      throw error;
    });
  }
}

function flushDue(now: number): void {
  if (now - waitingSince > 2 * patience) {
    withoutTurn = nextWithoutTurn;
    nextWithoutTurn = Math.min(2 * nextWithoutTurn, mostWithoutTurn);
  } else {
    nextWithoutTurn = fewestWithoutTurn;
  }
  flushAll();
}

function flushAll(): void {
  try {
    each(due.splice(0), (gathering) => gathering.flushIfDue());
  } finally {
    activeAt = performance.now();
  }
}

// What was sent before `process.exit()` was called still leaves: sockets take what they can at once.
process.on('exit', () => {
  const failures: unknown[] = [];
  for (const gathering of due.splice(0)) {
    try {
      gathering.flushIfDue();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
});
