// An EventEmitter that takes no memory for listeners until there is one: most of thousands of connections never have any.
import { EventEmitter } from 'node:events';

/**
 * Does not run the constructor of EventEmitter, which makes an object for listeners at once, about 200 bytes. All
 * methods of EventEmitter do without until the first listener is added.
 */
function Quiet(this: unknown): void {}
Object.setPrototypeOf(Quiet, EventEmitter);
Quiet.prototype = Object.create(EventEmitter.prototype, {
  constructor: { value: Quiet, writable: true, configurable: true },
});

/** To be extended in place of EventEmitter. */
export const QuietEmitter = Quiet as unknown as typeof EventEmitter;
