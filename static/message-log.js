// Shows messages: plain texts come in, at most KEPT elements go out. A text only ever becomes text, never markup.

const KEPT = 500;

// A habit, not a protocol: "Ada: hello" is from Ada. What is shown is the whole text either way.
const NAMED = /^([^\s:](?:[^:\n]{0,22}[^\s:])?:)(\s)(.*)$/s;

export class MessageLog {
  #list;
  #latest;
  #clock = '';

  /** `list` scrolls and is filled with messages; `latest` is a button to get back to the newest one. */
  constructor(list, latest) {
    this.#list = list;
    this.#latest = latest;
    latest.addEventListener('click', () => {
      this.#toEnd();
      list.focus();
    });
    // A keyboard on a phone, or a longer draft, makes the list lower: who read its end goes on reading it.
    let wasAtEnd = true;
    list.addEventListener('scroll', () => {
      wasAtEnd = this.#atEnd();
      if (wasAtEnd) latest.hidden = true;
    });
    new ResizeObserver(() => {
      if (wasAtEnd) this.#toEnd();
    }).observe(list);
  }

  add(text, { own }) {
    const follow = own || this.#atEnd();
    this.#list.append(this.#render(text, own));
    while (this.#list.childElementCount > KEPT) this.#list.firstElementChild.remove();
    if (follow) this.#toEnd();
    else this.#latest.hidden = false;
  }

  #render(text, own) {
    const [, name = '', gap = '', words = text] = NAMED.exec(text) ?? [];
    const message = element('p', own ? 'message own' : 'message', '');
    if (name) {
      const speaker = element('b', 'name', name);
      speaker.style.setProperty('--hue', hue(name));
      message.append(speaker, gap);
    }
    message.append(element('span', 'words', words));
    // The time is shown where it changes, as in a script the scene is.
    const now = new Date();
    const clock = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    if (clock !== this.#clock) {
      const time = element('time', '', clock);
      time.dateTime = now.toISOString();
      message.append(time);
    }
    this.#clock = clock;
    return message;
  }

  #atEnd() {
    return this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
  }

  #toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#latest.hidden = true;
  }
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  // Right-to-left text, and marks that turn the direction, stay within their own box.
  made.dir = 'auto';
  return made;
}

/** The same colour for the same name on every screen. */
function hue(name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 3600;
  return sum / 10;
}
