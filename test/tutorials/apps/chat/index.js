// The chat that most tutorials begin with: Express serves one page, and every message goes to everybody.
const app = require('express')();
const server = require('http').createServer(app);
const io = require('wirehub')(server);
const port = process.env.PORT || 3000;

app.get('/', (req, res) => {
  res.sendFile(`${__dirname}/index.html`);
});

io.on('connection', (socket) => {
  socket.broadcast.emit('chat message', 'somebody came in');
  socket.on('chat message', (msg) => {
    io.emit('chat message', msg);
  });
  socket.on('disconnect', () => {
    io.emit('chat message', 'somebody left');
  });
});

server.listen(port, 'localhost', () => {
  console.log(`listening on *:${server.address().port}`);
});
