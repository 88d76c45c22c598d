// Loaded before a program of the documentation: whatever port it asks for, it gets a free one, and the test is told both.
import { Server } from 'node:net';

const { listen } = Server.prototype;

Server.prototype.listen = function (...args) {
  const [first] = args;
  const asked = typeof first === 'object' && first !== null ? first.port : first;
  if (asked !== undefined && Number.isInteger(Number(asked))) {
    args[0] = typeof first === 'object' ? { ...first, port: 0 } : 0;
    this.once('listening', () => process.send?.({ asked: Number(asked), got: this.address().port }));
  }
  return listen.apply(this, args);
};

// The program ends with the test, even if that is killed.
process.once('disconnect', () => process.exit());
process.channel?.unref();
