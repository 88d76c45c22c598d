// The chat for people at a terminal: messages and news come in, lines of text go out.
import type { Message, Person } from './events.ts';

export const lobby = 'lobby';

/** A message as a plain client reads it; further lines are indented, so that none of them looks like another message. */
export function lineOf({ from, room, to, text, action, picture, edited }: Message): string {
  const where = to !== undefined ? `(to ${to.name}) ` : room === lobby ? '' : `[#${room}] `;
  const shown = picture && `[picture, ${picture.width} × ${picture.height}]`;
  const words = [shown, text].filter(Boolean).join(' ').replaceAll('\n', '\n  ');
  const change = edited ? ' (edited)' : '';
  return action ? `${where}* ${from.name} ${words}${change}` : `${where}${from.name}: ${words}${change}`;
}

/** What the chat itself says begins with a star, as no name does. */
export function noticeLine(words: string): string {
  return `* ${words.replaceAll('\n', '\n  ')}`;
}

export function whereabouts(room: string): string {
  return room === lobby ? '' : ` #${room}`;
}

export function namesOf(people: readonly Person[]): string {
  return people.map(({ name }) => name).join(', ');
}
