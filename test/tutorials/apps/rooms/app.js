// Rooms and private messages in a namespace, for those who say their name: middleware, join, to, and static pages.
const express = require('express');
const http = require('http');
const { Server } = require('wirehub');

const app = express();
const server = http.createServer(app);
const io = new Server(server);
const PORT = process.env.PORT || 5000;

app.use(express.static(`${__dirname}/public`));
app.get('/api/rooms', (req, res) => {
  res.json([...io.of('/talk').adapter.rooms.keys()].filter((room) => room.startsWith('room:')));
});

const talk = io.of('/talk');

talk.use((socket, next) => {
  const { name } = socket.handshake.auth;
  if (!name) return next(new Error('a name is needed'));
  socket.data.name = name;
  next();
});

talk.on('connection', (socket) => {
  socket.on('join room', (room, done) => {
    socket.join(`room:${room}`);
    socket.to(`room:${room}`).emit('notice', `${socket.data.name} joined ${room}`);
    done();
  });

  socket.on('room message', (room, text) => {
    talk.to(`room:${room}`).emit('notice', `[${room}] ${socket.data.name}: ${text}`);
  });

  socket.on('private message', async (name, text) => {
    const others = await talk.fetchSockets();
    for (const other of others.filter(({ data }) => data.name === name)) {
      talk.to(other.id).emit('notice', `${socket.data.name} whispers: ${text}`);
    }
  });
});

server.listen(PORT, 'localhost', () => console.log(`Server on port ${server.address().port}`));
