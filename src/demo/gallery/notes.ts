// Notes to one person: a room of the hub is everything that this person has open, and each tab is told of all.
import type { Server } from '../../index.ts';
import { visitors } from './visitors.ts';

const people = ['Ada', 'Grace', 'Hedy', 'Konrad', 'Radia'];
const longest = 200;
const mostNotes = 20;

interface Note {
  id: number;
  from: string;
  text: string;
  at: number;
  read: boolean;
}

export function openNotes(io: Server): () => void {
  const desk = visitors(io, 'notes', { places: 200, burst: 20, perSecond: 5 });
  const notes = new Map(people.map((person): [string, Note[]] => [person, []]));
  let count = 0;

  /** How many tabs each has open. */
  const tellPresence = () =>
    desk.emit(
      'present',
      people.map((person) => [person, desk.adapter.rooms.get(person)?.size ?? 0]),
    );

  desk.use((socket, next) =>
    next(notes.has(socket.handshake.auth.person) ? undefined : new Error('Say who you are')),
  );
  desk.on('connection', (socket) => {
    const me: string = socket.handshake.auth.person;
    socket.join(me);
    if (!socket.recovered) socket.emit('notes', notes.get(me));
    tellPresence();

    socket.on('send', (to: unknown, text: unknown, reply?: unknown) => {
      const kept = notes.get(String(to));
      const words = typeof text === 'string' ? text.trim().slice(0, longest) : '';
      if (kept === undefined || words === '') return;
      const note: Note = { id: ++count, from: me, text: words, at: Date.now(), read: false };
      kept.push(note);
      if (kept.length > mostNotes) kept.shift();
      desk.to(String(to)).emit('note', note);
      if (typeof reply === 'function') reply(desk.adapter.rooms.get(String(to))?.size ?? 0);
    });
    socket.on('read', (id: unknown) => {
      const note = notes.get(me)?.find((one) => one.id === id);
      if (note === undefined) return;
      note.read = true;
      desk.to(me).emit('read', note.id);
    });
    socket.on('disconnect', tellPresence);
  });
  return () => {};
}
