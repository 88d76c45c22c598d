// What the messages of the panel become by our own compressor: a test makes them again (RFC 7692 §7.2.1).
export const steps = [
  {
    text: '{"room":"lobby","from":"Ada","text":"hello"}',
    afresh:
      'aa 56 2a ca cf cf 55 b2 52 ca c9 4f 4a aa 54 d2 51 4a 2b 02 73 1d 53 12 95 74 94 4a 52 2b 4a 94 ac 94 32 52 73 72 f2 95 6a 01 00',
    takeover:
      'aa 56 2a ca cf cf 55 b2 52 ca c9 4f 4a aa 54 d2 51 4a 2b 02 73 1d 53 12 95 74 94 4a 52 2b 4a 94 ac 94 32 52 73 72 f2 95 6a 01 00',
  },
  {
    text: '{"room":"lobby","from":"Bob","text":"hello"}',
    afresh:
      'aa 56 2a ca cf cf 55 b2 52 ca c9 4f 4a aa 54 d2 51 4a 2b 02 73 9d f2 93 94 74 94 4a 52 2b 4a 94 ac 94 32 52 73 72 f2 95 6a 01 00',
    takeover: 'aa c6 a1 d6 29 3f 09 43 2d 00',
  },
  {
    text: '{"room":"lobby","from":"Ada","text":"anybody for tea?"}',
    afresh:
      'aa 56 2a ca cf cf 55 b2 52 ca c9 4f 4a aa 54 d2 51 4a 2b 02 73 1d 53 12 95 74 94 4a 52 2b 4a 94 ac 94 12 f3 2a 93 f2 53 2a 15 d2 f2 8b 14 4a 52 13 ed 95 6a 01 00',
    takeover: 'c2 a5 16 c5 dc c4 bc ca a4 fc 94 4a 85 b4 fc 22 85 92 d4 44 7b a5 5a 00 00',
  },
  {
    text: '{"room":"lobby","from":"Bob","text":"tea? hello!"}',
    afresh:
      'aa 56 2a ca cf cf 55 b2 52 ca c9 4f 4a aa 54 d2 51 4a 2b 02 73 9d f2 93 94 74 94 4a 52 2b 4a 94 ac 94 4a 52 13 ed 15 32 52 73 72 f2 15 95 6a 01 00',
    takeover: '22 ca 0a 90 52 05 b0 3d 8a 4a b5 00 00',
  },
  {
    text: '{"room":"lobby","from":"Ada","text":"hello"}',
    afresh:
      'aa 56 2a ca cf cf 55 b2 52 ca c9 4f 4a aa 54 d2 51 4a 2b 02 73 1d 53 12 95 74 94 4a 52 2b 4a 94 ac 94 32 52 73 72 f2 95 6a 01 00',
    takeover: '22 ca 22 a8 a3 00 00',
  },
];
