// Pictures go to everybody as bytes. The page comes from another port, as that of a frontend under development does.
const express = require('express');
const http = require('http');
const fs = require('fs');

const page = express();
const server = http.createServer();

page.get('/', (req, res) => {
  const html = fs.readFileSync(`${__dirname}/public/index.html`, 'utf8');
  res.send(html.replaceAll('%SERVER%', `http://localhost:${server.address().port}`));
});
page.use(express.static(`${__dirname}/public`));

const frontend = page.listen(process.env.PAGE_PORT || 0, 'localhost', () => {
  // A program written for this package: `npm install socket.io@npm:wirehub` is all that was done to it.
  const io = require('socket.io')(server, {
    cors: { origin: `http://localhost:${frontend.address().port}`, methods: ['GET', 'POST'] },
    maxHttpBufferSize: 5e6,
  });

  io.on('connection', (socket) => {
    socket.on('image', (name, bytes, callback) => {
      socket.broadcast.emit('image', { name, bytes });
      callback({ received: bytes.length });
    });
  });

  server.listen(process.env.PORT || 3001, 'localhost', () => {
    console.log(`sockets on ${server.address().port}`);
    console.log(`listening on http://localhost:${frontend.address().port}`);
  });
});
