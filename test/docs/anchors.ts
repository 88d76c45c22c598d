// The headings of a page, one after the other, in; what a `#` in a link may name, as GitHub makes it from them, out.

/** To be called with each heading of one page, in order: the second of its kind gets `-1` behind it, and so on. */
export function anchorMaker(): (heading: string) => string {
  const taken = new Map<string, number>();
  return (heading) => {
    const anchor = heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = taken.get(anchor) ?? 0;
    taken.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  };
}
