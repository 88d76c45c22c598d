// Loaded before a program of the documentation: whatever port it asks for, it gets a free one, and the test is told both.
import { Server, Socket } from 'node:net';

const { listen } = Server.prototype;
const { connect } = Socket.prototype;

/** The ports that this program asked for, and those that it got. */
const ports = new Map();

Server.prototype.listen = function (...args) {
  const [first] = args;
  const asked = typeof first === 'object' && first !== null ? first.port : first;
  if (asked !== undefined && Number.isInteger(Number(asked))) {
    args[0] = typeof first === 'object' ? { ...first, port: 0 } : 0;
    this.once('listening', () => {
      const got = this.address().port;
      ports.set(Number(asked), got);
      process.send?.({ asked: Number(asked), got });
    });
  }
  return listen.apply(this, args);
};

/** Clients in the same program find its servers. Node has put the arguments into one list, with the options in front. */
Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const got = ports.get(Number(options?.port));
  if (got !== undefined) options.port = got;
  return connect.apply(this, args);
};

// The program ends with the test, even if that is killed.
process.once('disconnect', () => process.exit());
process.channel?.unref();
