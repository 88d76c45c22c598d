// The inspector's page: the inspector, a connection of its own to have something to look at, and the laboratory.
import { io } from '/socket.io/socket.io.esm.min.js';
import { mountInspector } from './inspector.js';
import { wireToken } from './token.js';

const byId = (id) => document.getElementById(id);
const token = wireToken();
const { wire } = mountInspector(byId('inspector'), { token });

/** The laboratory is loaded when it comes into view, or is asked for by the address. */
const near = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && openLaboratory());
async function openLaboratory() {
  near.disconnect();
  removeEventListener('hashchange', openLaboratory);
  const { mountLaboratory } = await import('./lab.js');
  mountLaboratory(byId('laboratory'), wire);
}
if (location.hash.startsWith('#lab=')) openLaboratory();
else {
  near.observe(byId('laboratory'));
  addEventListener('hashchange', openLaboratory);
}

/** A client of the hub that does nothing but what the buttons say. */
const specimen = io('/inspector', { query: { wire: token }, autoConnect: false });
let count = 0;

const actions = {
  connect: () => specimen.connect(),
  event: () => specimen.emit('echo', `Hello number ${++count}`),
  acknowledgement: () => specimen.emit('echo', { asks: 'did it arrive?' }, () => {}),
  binary: () => specimen.emit('echo', { bytes: crypto.getRandomValues(new Uint8Array(24)) }),
  long: () => specimen.emit('echo', 'long '.repeat(400)),
  disconnect: () => specimen.disconnect(),
};
for (const [name, act] of Object.entries(actions)) byId(`do-${name}`).onclick = act;

function show() {
  const { connected } = specimen;
  const transport = specimen.io.engine?.transport?.name ?? '';
  byId('specimen-state').textContent = connected ? `connected, by ${transport}` : 'not connected';
  for (const name of Object.keys(actions)) byId(`do-${name}`).disabled = (name === 'connect') === connected;
}

specimen.on('connect', () => {
  show();
  specimen.io.engine.on('upgrade', show);
});
specimen.on('disconnect', show);
show();
specimen.connect();
