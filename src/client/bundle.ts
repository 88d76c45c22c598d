// The client as one classic script: defines `io`, which has the rest as properties (client API, "Exports").
import { io } from './index.ts';

(globalThis as { io?: typeof io }).io = io;
