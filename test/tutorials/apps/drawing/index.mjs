// A board that everybody draws on: an ES module, static files, and strokes that go to all others.
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { Server } from 'wirehub';

const app = express();
const server = createServer(app);
const io = new Server(server);
const folder = path.dirname(fileURLToPath(import.meta.url));
const strokes = [];

app.use(express.static(path.join(folder, 'public')));

io.on('connection', (socket) => {
  // Who comes late sees what was drawn before.
  for (const stroke of strokes) socket.emit('drawing', stroke);
  socket.on('drawing', (stroke) => {
    strokes.push(stroke);
    socket.broadcast.emit('drawing', stroke);
  });
});

server.listen(process.env.PORT || 3000, 'localhost', () => {
  console.log('listening on port', server.address().port);
});
