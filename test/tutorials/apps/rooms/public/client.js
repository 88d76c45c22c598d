// Connects to the namespace with the name that is in the address, and does what the three forms ask for.
const name = new URLSearchParams(location.search).get('name');
const socket = io('/talk', { auth: { name } });
const field = (id) => document.getElementById(id).value;

function show(text) {
  const item = document.createElement('li');
  item.textContent = text;
  document.getElementById('notices').append(item);
}

function onSubmit(id, action) {
  document.getElementById(id).addEventListener('submit', (event) => {
    event.preventDefault();
    action();
  });
}

onSubmit('join', () => socket.emit('join room', field('room'), () => show(`you joined ${field('room')}`)));
onSubmit('say', () => socket.emit('room message', field('room'), field('text')));
onSubmit('whisper', () => socket.emit('private message', field('to'), field('secret')));

socket.on('notice', show);
socket.on('connect_error', (err) => show(`refused: ${err.message}`));
