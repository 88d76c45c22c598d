// The chat as this page knows it: events of the socket and wishes of the visitor come in; conversations, and events about them, go out.
import { Conversation } from './conversation.js';
import { randomHex, store } from './storage.js';

/** The most people of a room in which the arrival of each message is told to its author. */
const RECEIPTS = 25;
const PATIENCE = 8000;
const TYPING = 4000;

/**
 * Events, with the conversation as `conversation`: `list` (which there are, and what is unread), `place` (which is
 * shown), `item` (one is new, or has changed: `item`, and `live` if it has just been said), `items` (several are),
 * `pending`, `people`, `typing`; and `me`.
 */
export class Talk extends EventTarget {
  conversations = new Map();
  /** The one that is shown. */
  current;
  me;
  #connection;
  #socket;
  /** When the connection was lost, and what has come by itself since it is back. */
  #away;

  constructor(connection, rooms) {
    super();
    this.#connection = connection;
    this.#socket = connection.socket;
    for (const room of rooms) this.#conversation(`#${room}`);
    this.show([...this.conversations.keys()][0]);
    const on = (event, listener) => this.#socket.on(event, listener);
    on('welcome', (me) => this.#welcomed(me));
    on('connect', () => this.#socket.recovered && this.#recovered());
    on('disconnect', () => {
      this.#away ??= { since: Date.now(), count: 0 };
    });
    on('said', (message) => this.#said(message));
    on('edited', (message) => this.#edited(message));
    on('joined', (room, person) => this.#joined(`#${room}`, person));
    on('left', (room, person) => this.#left(`#${room}`, person));
    on('renamed', (person, before) => this.#renamed(person, before));
    on('typing', (key, person) => this.#typed(key, person));
    on('got', (id, person) => this.#received(id, person));
    on('notice', (words) => this.notice(words));
  }

  /** Shows a conversation: all in it counts as read from now on. */
  show(key) {
    const conversation = this.conversations.get(key);
    this.current = conversation;
    if (conversation) conversation.unread = 0;
    this.#tell('place', conversation);
    this.#tell('list');
  }

  get unread() {
    let sum = 0;
    for (const { unread } of this.conversations.values()) sum += unread;
    return sum;
  }

  /** The visitor has looked at what is shown. */
  read() {
    if (!this.current?.unread) return;
    this.current.unread = 0;
    this.#tell('list');
  }

  talkTo(person) {
    this.#conversation(`@${person.id}`, person.name);
    this.show(`@${person.id}`);
  }

  notice(words, conversation = this.current, kind) {
    const item = conversation?.notice(words, kind);
    if (item) this.#tell('item', conversation, { item });
  }

  /** Says what was typed, command or not, here or in another conversation. */
  say(text, to = this.current?.key) {
    this.#deliver(to, { event: 'say', text, shown: !/^\/(?!\/|me\s)/.test(text) });
  }

  /** Sends the bytes of a picture, and words with it. */
  sendPicture(bytes, words) {
    this.#deliver(this.current?.key, { event: 'show', text: words, bytes, shown: true });
  }

  async edit(id, text) {
    const { error } = await this.#ask('edit', id, text);
    if (error) this.notice(error, this.current, 'error');
  }

  async join(room) {
    this.#answered(await this.#ask('join', room), this.current);
  }

  async leave({ key, isRoom }) {
    if (isRoom) this.#answered(await this.#ask('leave', key), this.current);
    else this.#forget(key);
  }

  async rename(name) {
    this.#answered(await this.#ask('say', this.current?.key ?? '', `/nick ${name}`), this.current);
    this.#tell('me');
  }

  async otherRooms() {
    const { rooms = [] } = await this.#ask('rooms');
    return rooms.filter(({ room }) => !this.conversations.has(`#${room}`));
  }

  typing() {
    if (this.current) this.#socket.volatile.emit('typing', this.current.key);
  }

  /** The bytes of a picture; undefined if they are not remembered. */
  async look(id) {
    return (await this.#ask('look', id)).picture;
  }

  /** Emits an event; the answer, or the reason why there is none. */
  async #ask(event, ...args) {
    if (!this.#socket.connected) return { error: 'There is no connection just now.', lost: true };
    try {
      return await this.#socket.timeout(PATIENCE).emitWithAck(event, ...args);
    } catch {
      this.#connection.abandon('the server does not answer');
      return { error: 'The server has not answered.', lost: true };
    }
  }

  /** What is not taken by the server stays pending, and is sent again with the next connection. */
  async #deliver(key, message) {
    const conversation = this.conversations.get(key);
    if (!conversation) return;
    const pending = { ...message, nonce: randomHex(8) };
    conversation.pending.set(pending.nonce, pending);
    this.#tell('pending', conversation);
    await this.#transmit(conversation, pending);
  }

  async #transmit(conversation, { event, text, bytes, nonce }) {
    const args = event === 'show' ? [bytes, text, nonce] : [text, nonce];
    const answer = await this.#ask(event, conversation.key, ...args);
    // By then it may have come back as something said.
    if (answer.lost) return;
    const refused = conversation.pending.get(nonce);
    conversation.pending.delete(nonce);
    this.#answered(answer, conversation);
    this.#tell('pending', conversation);
    if (answer.error && refused && !refused.bytes) this.#tell('refused', conversation, { text });
  }

  #answered({ error, notice, message, room, left }, conversation) {
    if (error || notice) this.notice(error ?? notice, conversation, error ? 'error' : 'notice');
    if (message) this.#said(message);
    if (room) {
      this.#entered(room);
      this.show(`#${room.room}`);
    }
    if (left) this.#forget(`#${left}`);
  }

  async #welcomed(me) {
    const known = this.me !== undefined;
    this.me = me;
    this.#tell('me');
    // A new socket is in no room. What has been said since the last message that is known comes with the answer.
    let count = 0;
    let complete = true;
    for (const { key, lastId } of [...this.conversations.values()].filter(({ isRoom }) => isRoom)) {
      const { room, error, lost } = await this.#ask('join', key, ...(lastId ? [lastId] : []));
      if (lost) return;
      if (error) this.notice(error, undefined, 'error');
      else count += this.#entered(room);
      complete &&= error !== undefined || room.complete;
    }
    if (known) this.#back(count, complete ? 'fetched by their ids' : 'fetched; older ones are forgotten');
    this.#sendAgain();
  }

  #recovered() {
    this.#back(this.#away?.count ?? 0, 'kept for you by the hub');
    this.#sendAgain();
  }

  #back(count, how) {
    if (!this.#away) return;
    const seconds = Math.max(1, Math.round((Date.now() - this.#away.since) / 1000));
    this.#away = undefined;
    const messages = count === 1 ? '1 message' : `${count || 'no'} messages`;
    this.notice(`Back after ${seconds} s; ${messages} came meanwhile${count ? `, ${how}` : ''}.`);
  }

  #sendAgain() {
    for (const conversation of this.conversations.values()) {
      for (const pending of conversation.pending.values()) this.#transmit(conversation, pending);
    }
  }

  /** Takes the state of a room. Returns how many of its messages are new. */
  #entered({ room, people, count, messages }) {
    const conversation = this.#conversation(`#${room}`);
    conversation.setPeople(people, count);
    const added = messages.filter((message) => conversation.add(message)).length;
    this.#tell('items', conversation);
    this.#tell('pending', conversation);
    this.#tell('people', conversation);
    return added;
  }

  #conversation(key, name) {
    let conversation = this.conversations.get(key);
    if (!conversation) {
      conversation = new Conversation(key, name);
      this.conversations.set(key, conversation);
      this.#remember();
      this.#tell('list');
    }
    return conversation;
  }

  #forget(key) {
    this.conversations.delete(key);
    this.#remember();
    if (this.current?.key === key) this.show([...this.conversations.keys()][0]);
    else this.#tell('list');
  }

  #remember() {
    const rooms = [...this.conversations.values()].filter(({ isRoom }) => isRoom);
    store(
      'rooms',
      rooms.map(({ key }) => key.slice(1)),
    );
  }

  #said(message) {
    const { id, room, from, to } = message;
    const own = from.id === this.me?.id;
    const other = own ? to : from;
    const conversation = room
      ? this.conversations.get(`#${room}`)
      : this.#conversation(`@${other.id}`, other.name);
    if (!conversation?.add(message)) return;
    if (this.#away) this.#away.count += 1;
    conversation.typing.delete(from.id);
    if (!own && (conversation !== this.current || document.hidden)) conversation.unread += 1;
    if (!own && !from.plain && conversation.people.size <= RECEIPTS)
      this.#socket.volatile.emit('got', from.id, id);
    this.#tell('item', conversation, { item: conversation.find(id), live: true, own });
    this.#tell('pending', conversation);
    this.#tell('typing', conversation);
    this.#tell('list');
  }

  #edited(message) {
    const conversation = this.conversations.get(`#${message.room}`);
    const item = conversation?.replace(message);
    if (item) this.#tell('item', conversation, { item });
  }

  #received(id, person) {
    for (const conversation of this.conversations.values()) {
      const item = conversation.find(id);
      if (!item) continue;
      item.got.add(person);
      this.#tell('item', conversation, { item });
    }
  }

  #joined(key, person) {
    const conversation = this.conversations.get(key);
    if (!conversation || conversation.people.has(person.id)) return;
    conversation.people.set(person.id, person);
    conversation.count += 1;
    if (person.id !== this.me?.id) this.notice(`${person.name} joined`, conversation);
    this.#tell('people', conversation);
  }

  #left(key, person) {
    const conversation = this.conversations.get(key);
    if (!conversation?.people.delete(person.id)) return;
    conversation.count -= 1;
    this.notice(`${person.name} left`, conversation);
    this.#tell('people', conversation);
  }

  #renamed(person, before) {
    if (person.id === this.me?.id) {
      this.me = person;
      this.#tell('me');
    }
    for (const conversation of this.conversations.values()) {
      if (conversation.key === `@${person.id}`) conversation.name = person.name;
      if (!conversation.people.has(person.id)) continue;
      conversation.people.set(person.id, person);
      if (person.id !== this.me?.id) this.notice(`${before} is ${person.name} now`, conversation);
      this.#tell('people', conversation);
    }
    this.#tell('list');
  }

  #typed(key, person) {
    const conversation = this.conversations.get(key);
    if (!conversation) return;
    clearTimeout(conversation.typing.get(person.id)?.timer);
    const timer = setTimeout(() => {
      conversation.typing.delete(person.id);
      this.#tell('typing', conversation);
    }, TYPING);
    conversation.typing.set(person.id, { name: person.name, timer });
    this.#tell('typing', conversation);
  }

  #tell(type, conversation, more) {
    this.dispatchEvent(Object.assign(new Event(type), { conversation }, more));
  }
}
