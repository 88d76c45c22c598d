// Shows the conversation that is chosen, as the script of a play: who speaks, and what is said.
import { byId, words } from './elements.js';
import { pendingMessage, shownMessage } from './message.js';

/** Near enough to the end to want to see what comes. */
const NEAR = 48;

export class Transcript {
  #talk;
  #pictures;
  #log = byId('log');
  #list = byId('messages');
  #pending = byId('pending');
  #latest = byId('latest');
  #quiet = byId('quiet');
  #elements = new Map();

  /** @param edit is called with a message of one's own that is to be changed */
  constructor(talk, pictures, edit) {
    this.#talk = talk;
    this.#pictures = pictures;
    talk.addEventListener('place', () => this.#showAll());
    talk.addEventListener('items', ({ conversation }) => this.#isShown(conversation) && this.#showAll());
    talk.addEventListener('item', (event) => this.#isShown(event.conversation) && this.#showOne(event));
    talk.addEventListener(
      'pending',
      ({ conversation }) => this.#isShown(conversation) && this.#showPending(),
    );
    talk.addEventListener('me', () => this.#showAll());
    this.#latest.addEventListener('click', () => {
      this.#toEnd();
      this.#log.focus();
    });
    this.#list.addEventListener('click', ({ target }) => {
      const id = target.closest('.edit')?.closest('.message').dataset.id;
      if (id) edit(this.#talk.current.find(id));
    });
    // A keyboard on a phone, a picture that has come or a longer draft makes less room: who read the end goes on reading it.
    let wasAtEnd = true;
    this.#log.addEventListener('scroll', () => {
      wasAtEnd = this.#atEnd();
      if (wasAtEnd) this.#latest.hidden = true;
    });
    const resized = new ResizeObserver(() => wasAtEnd && this.#toEnd());
    for (const one of [this.#log, this.#list]) resized.observe(one);
  }

  #isShown(conversation) {
    return conversation === this.#talk.current;
  }

  #showAll() {
    this.#elements.clear();
    this.#list.textContent = '';
    for (const item of this.#talk.current?.items ?? []) this.#place(item);
    this.#showPending();
    this.#toEnd();
  }

  #showOne({ item, own }) {
    const follow = own || this.#atEnd();
    const known = this.#elements.has(item.id);
    this.#place(item);
    while (this.#list.childElementCount > this.#talk.current.items.length) {
      this.#elements.delete(this.#list.firstElementChild.dataset.id);
      this.#list.firstElementChild.remove();
    }
    this.#hush();
    if (follow) this.#toEnd();
    else if (!known && item.from) this.#latest.hidden = false;
  }

  #hush() {
    this.#quiet.hidden = this.#list.childElementCount > 0 || this.#pending.childElementCount > 0;
  }

  #place(item) {
    const { items } = this.#talk.current;
    const at = items.indexOf(item);
    const previous = items.findLast(({ from }, index) => from && index < at);
    const made = item.from
      ? shownMessage(item, previous, this.#talk.me?.id, this.#pictures)
      : words('p', `notice ${item.kind}`, item.text);
    made.dataset.id = item.id;
    const old = this.#elements.get(item.id);
    this.#elements.set(item.id, made);
    if (old) {
      const hadFocus = old.contains(document.activeElement);
      old.replaceWith(made);
      if (hadFocus) made.querySelector('.edit')?.focus();
      return;
    }
    const next = items[at + 1];
    this.#list.insertBefore(made, this.#elements.get(next?.id) ?? null);
  }

  #showPending() {
    const pending = [...(this.#talk.current?.pending.values() ?? [])].filter(({ shown }) => shown);
    const name = this.#talk.me?.name ?? '';
    const atEnd = this.#atEnd();
    this.#pending.replaceChildren(...pending.map((one) => pendingMessage(one, name)));
    this.#hush();
    if (pending.length > 0 && atEnd) this.#toEnd();
  }

  #atEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR;
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#latest.hidden = true;
  }
}
