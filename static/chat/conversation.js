// One conversation, in a room or with a person: what the server tells comes in; its items, people and unread count are kept.

const KEPT = 300;

export class Conversation {
  /** `#room` or `@person`, as the server has it. */
  key;
  /** Messages and notices, in the order in which they are shown: by their ids, which sort by time. */
  items = [];
  /** Messages of ours of which nothing has been heard yet, by nonce. */
  pending = new Map();
  /** By id. */
  people = new Map();
  /** How many there are, if more than are listed. */
  count = 0;
  unread = 0;
  /** Who is typing, and until when. */
  typing = new Map();
  /** The newest message that is known of. */
  lastId;
  #notices = 0;

  constructor(key, name) {
    this.key = key;
    this.name = name ?? key;
  }

  get isRoom() {
    return this.key.startsWith('#');
  }

  /** Takes a message, once. Says whether it was new. */
  add(message) {
    this.pending.delete(message.nonce);
    if (this.find(message.id)) return false;
    if (this.lastId === undefined || message.id > this.lastId) this.lastId = message.id;
    this.#insert({ ...message, got: new Set() });
    return true;
  }

  find(id) {
    return this.items.find((item) => item.id === id);
  }

  /** Something that the page or the server has to say here, and that no other page sees. */
  notice(words, kind = 'notice') {
    this.#notices += 1;
    // Behind what is the last now; before the first message all ids begin with a digit.
    const before = this.items.at(-1)?.id ?? '!';
    const notice = {
      id: `${before.split('~')[0]}~${`${this.#notices}`.padStart(6, '0')}`,
      at: Date.now(),
      kind,
      text: words,
    };
    this.#insert(notice);
    return notice;
  }

  replace(message) {
    const item = this.find(message.id);
    if (item) Object.assign(item, message);
    return item;
  }

  setPeople(people, count) {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.count = count;
  }

  lastOf(author) {
    return this.items.findLast(({ from, picture }) => from?.id === author && !picture);
  }

  #insert(item) {
    const before = this.items.findLastIndex(({ id }) => id < item.id);
    this.items.splice(before + 1, 0, item);
    if (this.items.length > KEPT) this.items.shift();
  }
}
