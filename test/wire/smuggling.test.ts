// Changes that a careless verifier would not see: the canonical text stays the same while the
// meaning changes, or a second value rides along beside the signed one. None may be accepted.
import assert from 'node:assert/strict';
import { before, describe, test, type TestContext } from 'node:test';
import type { WireRequest } from '../../src/wire/request.ts';
import { decodePairs, encodeBytes, headerOf, isForm, splitTarget } from './mutations.ts';
import type { Signed } from './official-signers.ts';
import { signCorpus } from './signed-corpus.ts';
import { admit, isWireRefusal, verdict } from './verdict.ts';

/** Most parameters of one request that get a second value. */
const maxNames = 15;

let corpus: readonly Signed[] = [];

before(async () => {
  corpus = await signCorpus(7, 1);
});

const encode = (text: string) => encodeBytes(Buffer.from(text, 'utf8'));

const withQuery = (request: WireRequest, change: (query: string) => string): WireRequest => {
  const [path, query] = splitTarget(request);
  return { ...request, target: `${path}?${change(query)}` };
};

const withHeaders = (request: WireRequest, ...headers: string[]): WireRequest => ({
  ...request,
  rawHeaders: [...request.rawHeaders, ...headers],
});

const signedHeaders = (request: WireRequest): string[] =>
  /SignedHeaders=([^,]*)/.exec(headerOf(request, 'authorization') ?? '')?.[1]?.split(';') ?? [];

/** Every variant of every request is refused. */
const refuses = (context: TestContext, vary: (signed: Signed) => readonly WireRequest[]) => {
  let variants = 0;
  for (const signed of corpus) {
    for (const request of vary(signed)) {
      const code = verdict(request, signed.secret);
      if (!isWireRefusal(code)) {
        assert.fail(`${signed.mode} ${signed.operation}: ${code}: ${request.target.slice(0, 400)}`);
      }
      variants += 1;
    }
  }
  assert.ok(variants > 0);
  context.diagnostic(`${variants} variants refused`);
};

describe('is refused', () => {
  test('two parameters folded into one name', (context) => {
    refuses(context, ({ request }) => {
      const pairs = decodePairs(splitTarget(request)[1]).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const canonical = pairs.map(([name, value]) => `${name}=${encode(value)}`);
      const fold = (count: number) => {
        const folded = canonical.slice(0, count).join('&');
        const mark = folded.lastIndexOf('=');
        const segment = `${encode(folded.slice(0, mark))}=${folded.slice(mark + 1)}`;
        return withQuery(request, () => [segment, ...canonical.slice(count)].join('&'));
      };
      return pairs.length < 2 ? [] : [fold(2), fold(pairs.length)];
    });
  });

  test('a second value beside a signed one', (context) => {
    refuses(context, ({ request }) =>
      decodePairs(splitTarget(request)[1].split('&', maxNames).join('&')).flatMap(([name]) => [
        withQuery(request, (query) => `${query}&${encode(name)}=other`),
        withQuery(request, (query) => `${encode(name)}=other&${query}`),
        withQuery(request, (query) => `${query}&${encode(name)}=`),
      ]),
    );
  });

  test('a parameter that was not signed', (context) => {
    refuses(context, ({ request }) => [
      withQuery(request, (query) => (query === '' ? 'Force=true' : `${query}&Unsigned=true`)),
      withQuery(request, (query) => `Unsigned&${query}`),
    ]);
  });

  test('a form body that was not signed', (context) => {
    refuses(context, ({ request }) => {
      const body = new Uint8Array(Buffer.from('Unsigned=true'));
      if (request.body.length > 0) {
        const longer = new Uint8Array([...request.body, ...Buffer.from('&Unsigned=true')]);
        return [{ ...request, body: longer }];
      }
      if (isForm(request)) return [{ ...request, body }];
      const type = 'application/x-www-form-urlencoded';
      return [withHeaders({ ...request, body }, 'content-type', type)];
    });
  });

  test('a second line of a signed header', (context) => {
    refuses(context, ({ request }) =>
      signedHeaders(request).flatMap((name) => [
        withHeaders(request, name, 'other'),
        { ...request, rawHeaders: [name, 'other', ...request.rawHeaders] },
      ]),
    );
  });

  test('a signed header left out of the list', (context) => {
    refuses(context, ({ request }) => {
      const names = signedHeaders(request);
      return names.map((name) => {
        const fewer = names.filter((other) => other !== name).join(';');
        const rawHeaders = request.rawHeaders.map((text) =>
          text.replace(`SignedHeaders=${names.join(';')}`, `SignedHeaders=${fewer}`),
        );
        return { ...request, rawHeaders };
      });
    });
  });

  test('bytes that are not UTF-8 in the place of a replacement character', (context) => {
    refuses(context, ({ request }) =>
      splitTarget(request)[1].includes('%EF%BF%BD')
        ? [withQuery(request, (query) => query.replace('%EF%BF%BD', '%FF'))]
        : [],
    );
  });

  test('a signature taken away', (context) => {
    refuses(context, ({ request, scheme }) => {
      if (scheme === 'V3') {
        const mark = request.rawHeaders.findIndex((text) => /^authorization$/i.test(text));
        return [{ ...request, rawHeaders: request.rawHeaders.toSpliced(mark, 2) }];
      }
      const cut = (raw: string) => raw.replace(/(^|&)Signature=[^&]*/, '');
      const body = new Uint8Array(Buffer.from(cut(Buffer.from(request.body).toString('utf8'))));
      const [path, query] = splitTarget(request);
      return [{ ...request, target: query === '' ? path : `${path}?${cut(query)}`, body }];
    });
  });
});

test('headers that V1 does not sign change nothing', () => {
  for (const { request, scheme, secret, operation } of corpus) {
    if (scheme === 'V3') continue;
    const rawHeaders = request.rawHeaders.map((text, index, all) =>
      /^x-acs-(action|version)$/i.test(all[index - 1] ?? '') ? 'Other' : text,
    );
    const { envelope } = admit({ ...request, rawHeaders }, secret);
    assert.equal(envelope.action, operation);
    assert.equal(envelope.version, '2014-05-26');
  }
});
