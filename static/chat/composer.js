// Where one writes: what is typed, dropped or pasted comes in; texts, pictures and changed messages go to the talk.
import { byId } from './elements.js';
import { shrink } from './pictures.js';
import { store } from './storage.js';

/** Between two notes to the others that one is typing. */
const TYPING_EVERY = 2000;

export class Composer {
  #talk;
  #text = byId('text');
  #name = byId('name');
  #attached = byId('attached');
  #preview = byId('preview');
  /** A picture that goes with the text. */
  #picture;
  /** The message that is being changed, and the draft that waits meanwhile. */
  #editing;
  #draft = '';
  #toldTyping = Number.NEGATIVE_INFINITY;

  constructor(talk, { name, draft }) {
    this.#talk = talk;
    this.#name.value = name;
    this.#text.value = draft;
    talk.addEventListener('me', () => {
      if (document.activeElement !== this.#name) this.#name.value = talk.me.name;
      store('name', talk.me.name);
    });
    talk.addEventListener('place', () => this.#reset());
    // What was refused is there again to be changed, unless something else has been begun.
    talk.addEventListener('refused', ({ text }) => {
      if (this.#text.value === '') this.#write(text);
    });
    byId('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener('keydown', (event) => this.#onKey(event));
    this.#text.addEventListener('input', () => this.#onInput());
    this.#name.addEventListener('change', () => this.#rename());
    this.#name.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      this.#text.focus();
    });
    byId('detach').addEventListener('click', () => {
      this.#reset();
      this.#text.focus();
    });
    this.#takePictures();
  }

  /** Puts a message where it can be changed. */
  edit(message) {
    if (!message) return;
    this.#reset();
    this.#editing = message;
    this.#draft = this.#text.value;
    this.#write(message.text);
    byId('attached-words').textContent = 'You are changing your message. Esc leaves it as it is.';
    this.#attached.hidden = false;
    this.#text.focus();
  }

  #submit() {
    const text = this.#text.value.trim();
    const [editing, picture] = [this.#editing, this.#picture];
    if (text === '' && !picture) return;
    this.#reset();
    this.#write('');
    if (editing) this.#write(this.#draft);
    if (editing && text !== editing.text) this.#talk.edit(editing.id, text);
    else if (picture) this.#talk.sendPicture(picture, text);
    else if (!editing) this.#talk.say(text);
    this.#text.focus();
  }

  #onKey(event) {
    // While an input method composes a character, keys belong to it.
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape' && !this.#attached.hidden) {
      this.#reset();
    } else if (event.key === 'ArrowUp' && this.#text.value === '' && !this.#picture) {
      event.preventDefault();
      this.edit(this.#talk.current?.lastOf(this.#talk.me?.id));
    }
  }

  #onInput() {
    store('draft', this.#text.value);
    const now = performance.now();
    if (this.#editing || this.#text.value === '' || this.#text.value.startsWith('/')) return;
    if (now - this.#toldTyping < TYPING_EVERY) return;
    this.#toldTyping = now;
    this.#talk.typing();
  }

  #rename() {
    const name = this.#name.value.trim();
    if (name && name !== this.#talk.me?.name) this.#talk.rename(name);
    else if (this.#talk.me) this.#name.value = this.#talk.me.name;
  }

  #write(text) {
    this.#text.value = text;
    store('draft', text);
  }

  /** Neither a picture nor an old message any more. */
  #reset() {
    if (this.#editing) this.#write(this.#draft);
    if (this.#picture) URL.revokeObjectURL(this.#preview.src);
    this.#editing = this.#picture = undefined;
    this.#preview.hidden = this.#attached.hidden = true;
    this.#preview.removeAttribute('src');
  }

  #takePictures() {
    const file = byId('file');
    byId('choose').addEventListener('click', () => file.click());
    file.addEventListener('change', () => {
      this.#attach(file.files[0]);
      file.value = '';
    });
    const talk = byId('talk');
    addEventListener('dragover', (event) => {
      event.preventDefault();
      talk.classList.toggle(
        'target',
        [...event.dataTransfer.items].some(({ kind }) => kind === 'file'),
      );
    });
    for (const end of ['dragleave', 'drop']) addEventListener(end, () => talk.classList.remove('target'));
    addEventListener('drop', (event) => {
      event.preventDefault();
      this.#attach(event.dataTransfer.files[0]);
    });
    this.#text.addEventListener('paste', ({ clipboardData }) => this.#attach(clipboardData.files[0]));
  }

  async #attach(file) {
    if (!file) return;
    try {
      const blob = await shrink(file);
      this.#reset();
      this.#picture = new Uint8Array(await blob.arrayBuffer());
      this.#preview.src = URL.createObjectURL(blob);
      byId('attached-words').textContent =
        `A picture of ${Math.ceil(blob.size / 1024)} kB; what you write goes with it.`;
      this.#preview.hidden = this.#attached.hidden = false;
      this.#text.focus();
    } catch (error) {
      this.#talk.notice(error.message, undefined, 'error');
    }
  }
}
