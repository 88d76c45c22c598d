// RFC 7692 §5, §7.1: the table of offers, wishes and answers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatExtensions, parseExtensions } from '../../../src/protocol/rfc6455/header-list.ts';
import { acceptOffer, type DeflateParameters } from '../../../src/protocol/rfc7692/negotiation.ts';
import { vectors } from '../../vectors/vectors.ts';
import { runs } from '../chunking.ts';

function answerTo(offer: string, wishes: Readonly<Record<string, boolean | number>> = {}): string | null {
  const agreement = acceptOffer(parseExtensions(offer), wishes);
  return agreement === undefined ? null : formatExtensions([agreement.answer]);
}

/** What an answer says to whoever reads it by the RFC. */
function meaningOf(answer: string): DeflateParameters {
  const { parameters } = parseExtensions(answer)[0]!;
  return {
    serverNoContextTakeover: parameters.has('server_no_context_takeover'),
    clientNoContextTakeover: parameters.has('client_no_context_takeover'),
    serverMaxWindowBits: Number(parameters.get('server_max_window_bits')?.[0] ?? 15),
    clientMaxWindowBits: Number(parameters.get('client_max_window_bits')?.[0] ?? 15),
  };
}

describe('negotiation', () => {
  for (const [name, { meaning, offer, wishes, answer }] of vectors('negotiations')) {
    test(`${meaning}: ${answer === null ? 'declined' : 'accepted'} (${name})`, () => {
      assert.equal(answerTo(offer, wishes), answer);
    });
  }

  test('§7.1 nothing offered, nothing answered', () => {
    assert.equal(acceptOffer([], {}), undefined);
  });

  const bits = fc.integer({ min: 8, max: 15 });
  const offers = fc.record({
    server: fc.option(bits),
    client: fc.oneof(fc.constant(null), fc.constant(true as const), bits),
    serverForgets: fc.boolean(),
    clientForgets: fc.boolean(),
  });
  const flag = fc.constantFrom(true, false, undefined);
  const wishes = fc.record({
    serverNoContextTakeover: flag,
    clientNoContextTakeover: flag,
    serverMaxWindowBits: fc.oneof(bits, flag),
    clientMaxWindowBits: fc.oneof(bits, flag),
  });

  test('§7.1 an answer never takes more than was offered, and says just what is done', () => {
    let accepted = 0;
    fc.assert(
      fc.property(offers, wishes, (offer, wished) => {
        const text = [
          'permessage-deflate',
          ...(offer.server === null ? [] : [`server_max_window_bits=${offer.server}`]),
          ...(offer.client === null
            ? []
            : [`client_max_window_bits${offer.client === true ? '' : `=${offer.client}`}`]),
          ...(offer.serverForgets ? ['server_no_context_takeover'] : []),
          ...(offer.clientForgets ? ['client_no_context_takeover'] : []),
        ].join('; ');
        const agreement = acceptOffer(parseExtensions(text), wished);
        if (agreement === undefined) return;
        accepted++;
        const { parameters, answer } = agreement;
        assert.deepEqual(meaningOf(formatExtensions([answer])), parameters);
        assert.ok(parameters.serverMaxWindowBits <= (offer.server ?? 15));
        if (offer.serverForgets) assert.ok(parameters.serverNoContextTakeover);
        // §7.1.2.2: not in the answer if it was not in the offer.
        if (offer.client === null) assert.ok(!answer.parameters.has('client_max_window_bits'));
        if (typeof wished.clientMaxWindowBits === 'number') {
          assert.ok(parameters.clientMaxWindowBits <= wished.clientMaxWindowBits);
        }
        if (typeof wished.serverMaxWindowBits === 'number') {
          assert.equal(parameters.serverMaxWindowBits, wished.serverMaxWindowBits);
        }
      }),
      runs(2000),
    );
    assert.ok(accepted > 500, `${accepted} of 2000 were accepted`);
  });
});
