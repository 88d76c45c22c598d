// What one client of the chat may do, and what the chat remembers of all: so that no number of clients fills the memory.

export const limits = {
  /** Characters. */
  name: 24,
  room: 24,
  text: 4000,
  /** Messages of a room that are remembered, and characters in all of them. */
  history: 100,
  historyText: 150_000,
  /** Rooms of this server, and of one client. */
  rooms: 100,
  roomsPerClient: 10,
  /** People of a room who are listed by name. */
  people: 200,
  /** Clients of this server. */
  clients: 2000,
  /** Of a picture, and pictures that are remembered. */
  pictureBytes: 256 * 1024,
  pictureSide: 2048,
  pictures: 40,
  /** A message costs one token and one more per thousand characters, a room two, a picture ten. */
  burst: 40,
  perSecond: 4,
  /** For what is small and may be lost: who is typing, who has received what. */
  smallBurst: 200,
  smallPerSecond: 40,
  /** Between notices to one client that it asks too much. */
  noticeEveryMs: 5000,
  /** How long somebody may be away before others are told: a page that is reloaded is back by then. */
  graceMs: 2000,
  /** How long a room without anybody is remembered. */
  emptyRoomMs: 120_000,
};
