// Draws lines with the mouse, sends them, and draws what others send.
const socket = io();
const canvas = document.getElementById('board');
const context = canvas.getContext('2d');
let last = null;

function drawLine({ from, to, color }) {
  context.strokeStyle = color;
  context.lineWidth = 8;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

canvas.addEventListener('mousedown', (e) => {
  last = { x: e.offsetX, y: e.offsetY };
});

canvas.addEventListener('mousemove', (e) => {
  if (last === null) return;
  const stroke = { from: last, to: { x: e.offsetX, y: e.offsetY }, color: 'red' };
  drawLine(stroke);
  socket.emit('drawing', stroke);
  last = stroke.to;
});

window.addEventListener('mouseup', () => {
  last = null;
});

socket.on('drawing', drawLine);
