// Attacks on requests that are signed by parameters: each is refused with its own code and changes
// nothing. The honest request stands in each test, so that a refusal of everything would not pass.
import { test } from 'node:test';
import { kindred } from '../../src/testing/harness.ts';
import { accepted, refused } from './attempts.ts';
import { v1, v3, type Texts } from './sign.ts';

test('V1: anything changed after signing is refused', async (t) => {
  const k = await kindred(t);
  const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
  for (const method of ['GET', 'POST'] as const) await accepted(k, v1({ ...by, method }));
  await accepted(k, v1({ ...by, method: 'POST', place: 'body' }));
  const changes: ((sent: Record<string, string>) => Texts)[] = [
    (sent) => ({ ...sent, ImageFamily: 'other' }),
    (sent) => ({ ...sent, ImageFamily: 'Attacked' }),
    (sent) => ({ ...sent, RegionId: 'cn-beijing' }),
    (sent) => ({ ...sent, OwnerId: '1' }),
    (sent) => ({ ...sent, Action: 'DescribeImages' }),
    (sent) => ({ ...sent, Format: 'json' }),
    (sent) => ({ ...sent, SignatureNonce: 'another' }),
    (sent) => ({ ...sent, SecurityToken: '' }),
    (sent) => ({ ...sent, SignatureType: '' }),
    ({ ImageFamily: _left, ...sent }) => sent,
  ];
  for (const tamper of changes) await refused(k, v1({ ...by, tamper }), 'SignatureDoesNotMatch');
  const { target, ...got } = v1(by);
  await refused(k, { ...got, target, method: 'POST' }, 'SignatureDoesNotMatch');
  await refused(k, { ...got, target: `${target}&ImageFamily=attacked` }, 'InvalidParameter');
});

test('V1: only the one spelling of a signature is taken', async (t) => {
  const k = await kindred(t);
  const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
  const spell = (change: (signature: string) => string) =>
    v1({ ...by, tamper: (sent) => ({ ...sent, Signature: change(sent.Signature ?? '') }) });
  const flipped = (text: string, at: number): string => {
    const other = text.charAt(at) === 'A' ? 'B' : 'A';
    return text.slice(0, at) + other + text.slice(at + 1);
  };
  /** The last digit before `=` has two bits that decoding throws away. */
  const padBits = (text: string): string => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = digits.indexOf(text.charAt(26));
    return `${text.slice(0, 26)}${digits.charAt(last ^ 1)}=`;
  };
  const spellings: ((signature: string) => string)[] = [
    (text) => text.replace('=', ''),
    (text) => `${text}=`,
    (text) => `${text.slice(0, 9)}\n${text.slice(9)}`,
    (text) => `${text} `,
    (text) => ` ${text}`,
    (text) => text.toLowerCase(),
    (text) => Buffer.from(text, 'base64').toString('hex'),
    (text) => `${text}\u00a0`,
    (text) => text.slice(0, 27),
    (text) => text.repeat(400),
    (text) => flipped(text, 0),
    (text) => flipped(text, 25),
    padBits,
  ];
  await accepted(
    k,
    spell((text) => text),
  );
  for (const spelling of spellings) await refused(k, spell(spelling), 'SignatureDoesNotMatch');
  await refused(
    k,
    spell(() => ''),
    'MissingSignature',
  );
  // `+` and `/` occur in two of three signatures; url-safe letters are another spelling of those.
  for (let found = 0; found < 3;) {
    const request = spell((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
    const signature = new URLSearchParams(request.target.slice(2)).get('Signature') ?? '';
    if (!/[-_]/.test(signature)) continue;
    await refused(k, request, 'SignatureDoesNotMatch');
    found += 1;
  }
});

test('V1: system parameters that are missing, unknown or of another kind', async (t) => {
  const k = await kindred(t);
  const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
  const cases: [system: Record<string, string | undefined>, code: string][] = [
    [{ AccessKeyId: undefined }, 'MissingAccessKeyId'],
    [{ SignatureNonce: undefined }, 'MissingSignatureNonce'],
    [{ SignatureNonce: '' }, 'MissingSignatureNonce'],
    [{ Timestamp: undefined }, 'MissingTimestamp'],
    [{ SignatureMethod: undefined }, 'MissingSignatureMethod'],
    [{ SignatureVersion: undefined }, 'MissingSignatureVersion'],
    [{ SignatureMethod: 'NONE' }, 'InvalidSignatureMethod'],
    [{ SignatureMethod: 'hmac-sha1' }, 'InvalidSignatureMethod'],
    [{ SignatureMethod: 'HMAC-MD5' }, 'InvalidSignatureMethod'],
    [{ SignatureMethod: 'HMAC-SHA256' }, 'SignatureDoesNotMatch'],
    [{ SignatureMethod: 'SHA256withRSA' }, 'UnsupportedSignature.Rsa'],
    [{ SignatureType: 'PRIVATEKEY' }, 'UnsupportedSignature.Rsa'],
    [{ SignatureType: 'BEARERTOKEN', BearerToken: 'x' }, 'UnsupportedSignature.BearerToken'],
    [{ SignatureVersion: '2.0' }, 'IncompleteSignature'],
    [{ SecurityToken: 'stolen' }, 'InvalidSecurityToken.Malformed'],
    [{ Format: 'YAML' }, 'InvalidParameter.Format'],
    [{ SignatureNonce: 'n'.repeat(257) }, 'InvalidParameter'],
  ];
  for (const [system, code] of cases) await refused(k, v1({ ...by, system }), code);
  await accepted(k, v1({ ...by, system: { SignatureMethod: 'HMAC-SHA256' }, hash: 'sha256' }));
  await accepted(k, v1({ ...by, system: { SignatureType: '', SecurityToken: '' } }));
});

test('both signatures at once are refused, whichever is right', async (t) => {
  const k = await kindred(t);
  const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
  const first = v1(by);
  const authorization = v3(by).rawHeaders.at(-1)!;
  const both = { ...first, rawHeaders: [...first.rawHeaders, 'authorization', authorization] };
  await refused(k, both, 'IncompleteSignature');
  await refused(
    k,
    { ...both, rawHeaders: [...first.rawHeaders, 'Authorization', ''] },
    'IncompleteSignature',
  );
  const third = v3(by);
  await refused(k, { ...third, target: `${third.target}&Signature=x` }, 'IncompleteSignature');
  await refused(k, { ...third, target: `${third.target}&SignatureMethod=` }, 'IncompleteSignature');
});

test('no identity, an unknown, a disabled and a deleted key', async (t) => {
  const k = await kindred(t);
  const nowMs = k.clock.wallMs();
  const empty = { accessKeyId: '', accessKeySecret: '' };
  await refused(k, v1({ key: empty, nowMs }), 'MissingAccessKeyId');
  await refused(k, v3({ key: empty, nowMs }), 'MissingAccessKeyId');
  const named = { ...k.rootKey, accessKeySecret: '' };
  for (const sign of [v1, v3]) {
    await refused(k, sign({ key: named, nowMs }), 'SignatureDoesNotMatch');
    const secrets = ['', 'decoy-secret-of-thirty-letters', k.rootKey.accessKeySecret];
    for (const accessKeySecret of secrets) {
      const key = { accessKeyId: 'LTAIstranger', accessKeySecret };
      await refused(k, sign({ key, nowMs }), 'InvalidAccessKeyId.NotFound', 404);
    }
    const lower = { ...k.rootKey, accessKeyId: k.rootKey.accessKeyId.toLowerCase() };
    await refused(k, sign({ key: lower, nowMs }), 'InvalidAccessKeyId.NotFound', 404);
    const sts = { accessKeyId: 'STS.stranger', accessKeySecret: 'x' };
    await refused(k, sign({ key: sts, nowMs }), 'MissingSecurityToken');
  }
  const { AccessKeyId, AccessKeySecret } = await k.call('CreateAccessKey');
  const key = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret };
  const set = (Status: string) =>
    k.call('UpdateAccessKey', { UserAccessKeyId: AccessKeyId, Status });
  await accepted(k, v3({ key, nowMs }));
  await set('Inactive');
  for (const sign of [v1, v3])
    await refused(k, sign({ key, nowMs }), 'InvalidAccessKeyId.Inactive');
  await set('Active');
  await accepted(k, v1({ key, nowMs }));
  await k.call('DeleteAccessKey', { UserAccessKeyId: AccessKeyId });
  await refused(k, v1({ key, nowMs }), 'InvalidAccessKeyId.NotFound', 404);
});
