// This server as a Socket.IO server: acknowledges events, or passes them on to everyone.
import { createServer } from 'node:http';
import { Server } from '../../../src/index.ts';
import { type Benchmarked, serveEvents } from './events.ts';
import { HOST, reportServer } from './server-process.ts';

const http = createServer();
serveEvents(new Server(http, { pingInterval: 600_000 }) as unknown as Benchmarked);
http.listen(0, HOST, () => reportServer(http));
