import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signV1, stringToSignV1 } from '../wire/signature-v1.ts';
import { encodeForm, signCall } from './sign.ts';

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
