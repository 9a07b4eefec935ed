// Requests captured from real clients, also from those that need another tool-chain (Go, Python,
// the aliyun CLI, Terraform), and the vectors that the vendor and its SDKs' tests publish. The
// texts that we sign must equal theirs, not only the signatures.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseAuthorization } from '../../src/wire/authorization.ts';
import { parseParameters } from '../../src/wire/params.ts';
import type { Parameter, WireRequest } from '../../src/wire/request.ts';
import { signV1, stringToSignV1 } from '../../src/wire/signature-v1.ts';
import { canonicalRequestV3, signV3, stringToSignV3 } from '../../src/wire/signature-v3.ts';
import type { Pair } from './corpus.ts';
import { decodePairs, encodeBytes, everyBit, headerOf } from './mutations.ts';
import { oneBitOfEachByte, splitTarget } from './mutations.ts';
import { seeded } from './seeded.ts';
import { admit, isWireRefusal, verdict } from './verdict.ts';

interface Wire {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Pair[];
  readonly body: string;
  readonly secret: string;
}

interface Captured extends Wire {
  readonly client: string;
  /** `accepted`, or the code that refuses it. */
  readonly expected: string;
  readonly signature?: string;
  readonly stringToSign?: string;
  readonly canonicalRequest?: string;
  readonly canonicalRequestHash?: string;
}

interface PublishedV1 {
  readonly name: string;
  readonly method: string;
  readonly secret?: string;
  readonly parameters: readonly Pair[];
  readonly stringToSign?: string;
  readonly signature?: string;
  readonly isWholeRequest?: boolean;
}

interface PublishedV3 extends Wire {
  readonly signature: string;
  readonly canonicalRequestHash?: string;
  /** Instead of the body's own. */
  readonly bodyHash?: string;
  readonly isWholeRequest?: boolean;
}

const folder = new URL('./captured/', import.meta.url);
const read = <T>(url: URL): T =>
  // The files are ours and the tests below touch every member.
  JSON.parse(readFileSync(url, 'utf8')) as T;

const captured = readdirSync(folder)
  .toSorted()
  .map((file) => read<Captured>(new URL(file, folder)));

const requestOf = ({ method, target, headers, body }: Wire): WireRequest => ({
  method,
  target,
  rawHeaders: headers.flat(),
  body: new Uint8Array(Buffer.from(body)),
});

const authorizationOf = (request: WireRequest) =>
  parseAuthorization(headerOf(request, 'authorization') ?? '');

const queryParameters = (request: WireRequest): Parameter[] =>
  decodePairs(splitTarget(request)[1]).map(([name, value]) => ({ name, value, from: 'query' }));

describe('captured requests', () => {
  test('are the whole collection', () => {
    const names = Array.from({ length: 36 }, (_, i) => `V${String(i + 1).padStart(2, '0')}`);
    assert.deepEqual(
      captured.map(({ name }) => name),
      names,
    );
  });

  for (const vector of captured) {
    const { name, client, expected, secret, stringToSign, canonicalRequest, signature } = vector;
    const request = requestOf(vector);

    test(`${name} ${client}: ${expected}`, () => {
      // A bearer request is refused for what it is, whatever secret is at hand.
      assert.equal(verdict(request, secret), expected);
      if (expected === 'accepted')
        assert.equal(verdict(request, `${secret}x`), 'SignatureDoesNotMatch');
    });

    if (stringToSign !== undefined) {
      test(`${name}: the string to sign is the client's`, () => {
        const ours = stringToSignV1(vector.method, parseParameters(request).list);
        assert.equal(ours, stringToSign);
        assert.equal(signV1(ours, secret, 'HMAC-SHA1'), signature);
      });
    }

    // RSA is refused before anything is computed.
    if (canonicalRequest !== undefined && expected === 'accepted') {
      test(`${name}: the canonical request is the client's`, () => {
        const authorization = authorizationOf(request);
        const bodyHash = createHash(authorization.hash).update(request.body).digest('hex');
        const { signedHeaders } = authorization;
        const parameters = parseParameters(request).list;
        const ours = canonicalRequestV3(request, parameters, signedHeaders, bodyHash);
        assert.equal(ours, canonicalRequest);
        const text = stringToSignV3(ours, authorization);
        assert.equal(text, `${authorization.algorithm}\n${vector.canonicalRequestHash}`);
        assert.equal(signV3(text, secret, authorization), signature);
      });
    }
  }

  test('are refused with one bit of any byte changed', (context) => {
    const random = seeded(36);
    let mutations = 0;
    for (const vector of captured) {
      if (vector.expected !== 'accepted') continue;
      for (const { what, request } of oneBitOfEachByte(requestOf(vector), random)) {
        const code = verdict(request, vector.secret);
        if (!isWireRefusal(code)) assert.fail(`${vector.name}: ${what}: ${code}`);
        mutations += 1;
      }
    }
    context.diagnostic(`${mutations} mutations refused`);
  });
});

describe('published V1 vectors', () => {
  const url = new URL('./published/v1.json', import.meta.url);
  for (const vector of read<readonly PublishedV1[]>(url)) {
    test(vector.name, () => {
      const { method, secret, signature } = vector;
      const parameters = vector.parameters.map(([name, value]) => ({ name, value }));
      const text = stringToSignV1(method, parameters);
      if (vector.stringToSign !== undefined) assert.equal(text, vector.stringToSign);
      if (secret === undefined || signature === undefined) return;
      assert.equal(signV1(text, secret, 'HMAC-SHA1'), signature);
      if (vector.isWholeRequest !== true) return;
      const encode = (value: string) => encodeBytes(Buffer.from(value));
      const query = [...vector.parameters, ['Signature', signature] as const]
        .map(([name, value]) => `${name}=${encode(value)}`)
        .join('&');
      const request = { method, target: `/?${query}`, rawHeaders: [], body: new Uint8Array() };
      assert.equal(admit(request, secret).envelope.action, 'DescribeRegions');
      for (const mutation of everyBit(request)) {
        assert.ok(isWireRefusal(verdict(mutation.request, secret)), mutation.what);
      }
    });
  }
});

describe('published V3 vectors', () => {
  const url = new URL('./published/v3.json', import.meta.url);
  for (const vector of read<readonly PublishedV3[]>(url)) {
    test(vector.name, () => {
      const request = requestOf(vector);
      const authorization = authorizationOf(request);
      const bodyHash =
        vector.bodyHash ?? createHash(authorization.hash).update(request.body).digest('hex');
      const { signedHeaders } = authorization;
      const parameters = queryParameters(request);
      const canonical = canonicalRequestV3(request, parameters, signedHeaders, bodyHash);
      const text = stringToSignV3(canonical, authorization);
      if (vector.canonicalRequestHash !== undefined) {
        assert.equal(text, `${authorization.algorithm}\n${vector.canonicalRequestHash}`);
      }
      assert.equal(signV3(text, vector.secret, authorization), vector.signature);
      if (vector.isWholeRequest !== true) return;
      assert.equal(admit(request, vector.secret).envelope.action, 'RunInstances');
      for (const mutation of everyBit(request)) {
        assert.ok(isWireRefusal(verdict(mutation.request, vector.secret)), mutation.what);
      }
    });
  }
});

test('published SM3 values: HMAC of a text, hash of nothing', () => {
  const sm3 = parseAuthorization('ACS3-HMAC-SM3 Credential=id,SignedHeaders=host,Signature=00');
  // alibabacloud-go/openapi-util:service/service_test.go
  const hmac = 'b9ff646822f41ef647c1416fa2b8408923828abc0464af6706e18db3e8553da8';
  assert.equal(signV3('source', 'secret', sm3), hmac);
  const nothing = '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b';
  assert.equal(stringToSignV3('', sm3), `ACS3-HMAC-SM3\n${nothing}`);
});
