import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signV1, stringToSignV1 } from '../wire/signature-v1.ts';
import { parseEnvelope, type EnvelopeV3 } from '../wire/envelope.ts';
import { parseParameters } from '../wire/params.ts';
import { verifyV3 } from '../wire/signature-v3.ts';
import { encodeForm, signCall, signRead } from './sign.ts';

const SECRET = 'secret & more';

test("the server's own code makes the same signature", async () => {
  const texts = ['plain', 'a b+c*d~e', '杭州 🚀', '%2F&=', "!'()*", '\ud800 alone', ''];
  for (const text of texts) {
    const parameters = { Action: 'DescribeImages', 'Tag.1.Key': text, 'Tag.10.Key': 'b', a: 'A' };
    const signed = await signCall(parameters, { accessKeyId: 'id', accessKeySecret: SECRET }, 0);
    const { Signature, ...rest } = signed;
    const named = Object.entries(rest).map(([name, value]) => ({ name, value }));
    assert.equal(Signature, signV1(stringToSignV1('POST', named), SECRET, 'HMAC-SHA1'), text);
    assert.equal(signed.Timestamp, '1970-01-01T00:00:00Z');
    const sent = new URLSearchParams(encodeForm(signed));
    assert.equal(sent.get('Tag.1.Key'), text.toWellFormed());
  }
});

test('two calls never have the same nonce', async () => {
  const sign = () => signCall({}, { accessKeyId: 'id', accessKeySecret: SECRET }, 0);
  assert.notEqual((await sign()).SignatureNonce, (await sign()).SignatureNonce);
});

test("the server's own code accepts a signed read, of this address alone", async () => {
  const verify = async (path: string, signedPath = path) => {
    const url = new URL(path, 'http://127.0.0.1:5260');
    const key = { accessKeyId: 'id', accessKeySecret: SECRET };
    const headers = await signRead(url, key, 0);
    const request = {
      method: 'GET',
      target: `${url.pathname}${url.search}`,
      signedPath: new URL(signedPath, url).pathname,
      rawHeaders: Object.entries({ ...headers, host: url.host }).flat(),
      body: new Uint8Array(),
    };
    const parameters = parseParameters(request);
    const envelope = parseEnvelope(request, parameters) as EnvelopeV3; // by its Authorization
    return verifyV3(request, parameters.list, envelope, SECRET);
  };
  for (const path of ['/families/1/r/web/latest.json', '/families/1/r/größe%20%2F/x?b=2&a=%20c'])
    assert.equal(await verify(path), true);
  await assert.rejects(verify('/images/a/b', '/images/a/c'), /does not match/);
});
