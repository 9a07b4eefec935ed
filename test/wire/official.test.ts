// Requests signed by the official clients at test time: each is accepted with the right secret and
// means what the client was told; with one bit of a signed part changed, none is accepted.
import assert from 'node:assert/strict';
import { before, describe, test, type TestContext } from 'node:test';
import { operations, type Pair } from './corpus.ts';
import { everyBit, oneBitOfEachByte, oneBitOfEachPart, partsOf } from './mutations.ts';
import { respell, type Mutation } from './mutations.ts';
import { modes, type Signed } from './official-signers.ts';
import { seeded } from './seeded.ts';
import { signCorpus } from './signed-corpus.ts';
import { admit, isWireRefusal, verdict } from './verdict.ts';

const seed = 20261124;
const rounds = 1;
let corpus: readonly Signed[] = [];

before(async () => {
  corpus = await signCorpus(seed, rounds);
});

const title = ({ mode, operation }: Signed) => `${mode} ${operation}`;

const inOrder = (pairs: Iterable<Pair>) =>
  [...pairs].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Counts the codes; fails at the first acceptance or code of another family. */
const refuseAll = (signed: Signed, mutations: Iterable<Mutation>, codes: Map<string, number>) => {
  for (const { what, request } of mutations) {
    const code = verdict(request, signed.secret);
    if (!isWireRefusal(code)) assert.fail(`${title(signed)}: ${what}: ${code}`);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
};

const report = (context: TestContext, requests: number, codes: ReadonlyMap<string, number>) => {
  const total = [...codes.values()].reduce((sum, count) => sum + count, 0);
  context.diagnostic(`${requests} requests, ${total} mutations refused`);
  for (const [code, count] of codes) context.diagnostic(`  ${code} ${count}`);
  return total;
};

describe('requests of the official clients', () => {
  test('are many and all different', (context) => {
    assert.equal(corpus.length, modes.length * operations.length * rounds);
    assert.ok(corpus.length >= 200);
    const seen = corpus.map(({ request: { target, rawHeaders, body } }) =>
      JSON.stringify([target, rawHeaders, Buffer.from(body).toString('latin1')]),
    );
    assert.equal(new Set(seen).size, corpus.length);
    context.diagnostic(`${corpus.length} requests in ${modes.length} modes`);
  });

  test('are accepted and mean what the client was told', () => {
    for (const signed of corpus) {
      const { envelope } = admit(signed.request, signed.secret);
      const { action, version, accessKeyId, securityToken } = envelope;
      assert.deepEqual(
        { action, version, accessKeyId, securityToken },
        {
          action: signed.operation,
          version: '2014-05-26',
          accessKeyId: signed.accessKeyId,
          securityToken: signed.securityToken,
        },
        title(signed),
      );
      assert.deepEqual(inOrder(envelope.business), inOrder(signed.business), title(signed));
    }
  });

  test('are accepted however their query is spelled', () => {
    for (const signed of corpus) {
      assert.equal(verdict(respell(signed.request), signed.secret), 'accepted', title(signed));
    }
  });

  test('are refused with another secret', () => {
    for (const signed of corpus) {
      for (const secret of [`${signed.secret}x`, signed.secret.slice(1), ` ${signed.secret}`, '']) {
        const code = verdict(signed.request, secret);
        assert.equal(code, 'SignatureDoesNotMatch', `${title(signed)} with ${secret}`);
      }
    }
  });

  test('have the parts that a signature must cover', () => {
    const expected = {
      V1: 'method Action AccessKeyId SignatureNonce Timestamp Signature'.split(' '),
      V3: 'method algorithm signed-headers signature host x-acs-action x-acs-version x-acs-date'
        .concat(' x-acs-signature-nonce x-acs-content-sha256')
        .split(' '),
    };
    for (const signed of corpus) {
      const parts = partsOf(signed.request).map(({ what }) => what.replace(/^.*value of /, ''));
      const missing = expected[signed.scheme].filter((what) => !parts.includes(what));
      assert.deepEqual(missing, [], title(signed));
      const { body } = signed.request;
      if (signed.scheme === 'V3' && body.length > 0) assert.ok(parts.includes('body'));
    }
  });

  test('are refused with one bit changed, in every part in turn', (context) => {
    const random = seeded(seed);
    const codes = new Map<string, number>();
    for (const signed of corpus) refuseAll(signed, oneBitOfEachPart(signed.request, random), codes);
    assert.ok(report(context, corpus.length, codes) > 10 * corpus.length);
  });

  const shortest = (signeds: readonly Signed[]): Signed => {
    const [first] = signeds.toSorted((a, b) => bytesOf(a) - bytesOf(b));
    assert.ok(first !== undefined);
    return first;
  };

  test('are refused with a bit of any byte changed: the shortest of each mode', (context) => {
    const random = seeded(seed);
    const codes = new Map<string, number>();
    for (const { name } of modes) {
      const signed = shortest(corpus.filter(({ mode }) => mode === name));
      refuseAll(signed, oneBitOfEachByte(signed.request, random), codes);
    }
    report(context, modes.length, codes);
  });

  test('are refused with any bit of any byte changed: the shortest of each scheme', (context) => {
    const codes = new Map<string, number>();
    for (const wanted of ['V1', 'V3']) {
      const signed = shortest(corpus.filter(({ scheme }) => scheme === wanted));
      refuseAll(signed, everyBit(signed.request), codes);
    }
    report(context, 2, codes);
  });
});

const bytesOf = ({ request: { target, body } }: Signed) => target.length + body.length;
