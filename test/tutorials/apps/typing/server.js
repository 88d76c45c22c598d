// Who is there and who is typing: a plain HTTP server, names that are acknowledged, notices that may get lost.
const fs = require('fs');
const http = require('http');
const path = require('path');
const { Server } = require('wirehub');

const server = http.createServer((req, res) => {
  if (req.url !== '/') {
    res.writeHead(404);
    res.end('Not found');
    return;
  }
  res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  fs.createReadStream(path.join(__dirname, 'client.html')).pipe(res);
});

const io = new Server(server);
const users = new Map();

io.on('connection', (socket) => {
  socket.on('join', (name, callback) => {
    if ([...users.values()].includes(name)) {
      callback({ ok: false, error: `${name} is taken` });
      return;
    }
    users.set(socket.id, name);
    io.emit('users', [...users.values()]);
    callback({ ok: true });
  });

  socket.on('typing', () => {
    socket.broadcast.volatile.emit('typing', users.get(socket.id));
  });

  socket.on('message', (text, callback) => {
    socket.broadcast.emit('message', { name: users.get(socket.id), text });
    callback('delivered');
  });

  socket.on('disconnect', () => {
    users.delete(socket.id);
    io.emit('users', [...users.values()]);
  });
});

server.listen(Number(process.env.PORT || 8000), 'localhost', () => {
  console.log(`Server running at http://localhost:${server.address().port}/`);
});
