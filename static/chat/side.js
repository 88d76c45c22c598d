// The rooms and conversations one is in, the rooms there are besides, and the people of the one that is shown.
import { byId, colored, element, words } from './elements.js';

export class Side {
  #talk;
  #rooms = byId('rooms');
  #people = byId('people');
  #others = [];

  constructor(talk) {
    this.#talk = talk;
    talk.addEventListener('list', () => this.#showRooms());
    talk.addEventListener('place', () => this.#showPeople());
    talk.addEventListener('people', () => this.#showPeople());
    talk.addEventListener('me', () => {
      this.#showPeople();
      this.#refresh();
    });
    setInterval(() => this.#refresh(), 15_000);
    byId('making').addEventListener('submit', (event) => {
      event.preventDefault();
      const room = byId('room').value.trim();
      if (room) talk.join(room);
      byId('room').value = '';
    });
    byId('leave').addEventListener('click', () => talk.leave(talk.current));
  }

  async #refresh() {
    if (document.hidden || !this.#talk.me) return;
    this.#others = await this.#talk.otherRooms();
    this.#showRooms();
  }

  #showRooms() {
    const { conversations, current } = this.#talk;
    const joined = [...conversations.values()].map((conversation) => {
      const { key, name, isRoom, unread } = conversation;
      const button = element(
        'button',
        { type: 'button' },
        words('span', 'called', isRoom ? name : `@ ${name}`),
      );
      if (conversation === current) button.setAttribute('aria-current', 'true');
      if (unread > 0)
        button.append(' ', element('span', { className: 'unread', title: 'unread' }, `${unread}`));
      button.addEventListener('click', () => this.#talk.show(key));
      return [`in ${key}`, button];
    });
    const others = this.#others
      .filter(({ room }) => !conversations.has(`#${room}`))
      .map(({ room, count }) => {
        const called = words('span', 'called', `#${room}`);
        const button = element(
          'button',
          { type: 'button', className: 'other', title: 'Join' },
          called,
          ` ${count}`,
        );
        button.addEventListener('click', () => this.#talk.join(room));
        return [`of ${room}`, button];
      });
    fill(this.#rooms, [...joined, ...others]);
  }

  #showPeople() {
    const { current, me } = this.#talk;
    byId('place').textContent = current ? (current.isRoom ? current.name : `@ ${current.name}`) : 'No room';
    byId('leave').hidden = !current;
    byId('people-title').textContent = current?.isRoom ? `Here: ${current.count}` : 'Here';
    const people = [...(current?.people.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    fill(
      this.#people,
      people.map((person) => {
        const name = colored(words('span', 'called', person.name), person.name);
        const kind = person.plain
          ? [element('span', { className: 'by', title: 'A plain client' }, ' text')]
          : [];
        if (person.id === me?.id) return [person.id, element('span', {}, name, ' (you)')];
        const button = element(
          'button',
          { type: 'button', title: `Talk to ${person.name} alone` },
          name,
          ...kind,
        );
        button.addEventListener('click', () => this.#talk.talkTo(person));
        return [person.id, button];
      }),
    );
  }
}

/** Puts elements into a list; where the one with the focus was is the focus then. */
function fill(list, entries) {
  const focused = document.activeElement?.closest('li')?.dataset.key;
  list.replaceChildren(
    ...entries.map(([key, content]) => {
      const item = element('li', {}, content);
      item.dataset.key = key;
      return item;
    }),
  );
  if (focused === undefined) return;
  [...list.children]
    .find(({ dataset }) => dataset.key === focused)
    ?.querySelector('button')
    ?.focus();
}
