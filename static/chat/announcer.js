// Tells people who listen to the page what is said: one message in full, of many at once the number and the last.
import { byId } from './elements.js';

const TOGETHER = 1000;

/** The list itself is silent, because a busy room would be read without an end. */
export function announce(talk) {
  const place = byId('announcer');
  let waiting = [];
  const tell = () => {
    const last = waiting.at(-1);
    place.textContent = waiting.length === 1 ? last : `${waiting.length} messages. The last: ${last}`;
    waiting = [];
  };
  talk.addEventListener('item', ({ conversation, item, live, own }) => {
    const isTold = item.kind === 'error' || (live && !own);
    if (!isTold || conversation !== talk.current) return;
    const words = (item.text || 'a picture').slice(0, 300);
    waiting.push(item.from ? `${item.from.name}: ${words}` : words);
    if (waiting.length === 1) setTimeout(tell, TOGETHER);
  });
}
