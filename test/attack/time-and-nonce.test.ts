// The window of time and the nonce, with the clock in the test's hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../src/testing/harness.ts';
import { accepted, attempt, refused } from './attempts.ts';
import { FAMILY, timestamp, v1, v3 } from './sign.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

test('the window is fifteen minutes either way', async (t) => {
  const k = await kindred(t);
  const nowMs = k.clock.wallMs();
  for (const sign of [v1, v3])
    for (const [minutes, seconds, isInside] of [
      [0, 0, true],
      [14, 59, true],
      [15, 0, true],
      [15, 1, false],
      [16, 0, false],
      [60 * 24, 0, false],
      [60 * 24 * 365 * 30, 0, false],
    ] as const)
      for (const direction of [-1, 1]) {
        const offsetMs = direction * (minutes * MINUTE_MS + seconds * SECOND_MS);
        const request = sign({ key: k.rootKey, nowMs: nowMs + offsetMs });
        if (isInside) await accepted(k, request);
        else await refused(k, request, 'InvalidTimeStamp.Expired');
      }
});

test('only one spelling of a time is a time', async (t) => {
  const k = await kindred(t);
  const nowMs = k.clock.wallMs();
  const good = timestamp(nowMs);
  const spellings = [
    good.replace('Z', ''),
    good.replace('Z', 'z'),
    good.replace('Z', '+00:00'),
    good.replace('Z', '+08:00'),
    good.replace('Z', '.000Z'),
    good.replace('T', ' '),
    good.replace('T', 't'),
    `${good} `,
    ` ${good}`,
    `${good}\n`,
    good.replace(/\d\dZ/, '60Z'),
    good.replace(/T\d\d/, 'T24'),
    good.replace(/-\d\d-\d\dT/, '-13-01T'),
    good.replace(/-\d\d-\d\dT/, '-02-30T'),
    good.replace(/-\d\d-\d\dT/, '-00-00T'),
    good.replace(/^\d/, '２'),
    good.slice(2),
    `+00${good}`,
    new Date(nowMs).toUTCString(),
    String(nowMs),
    String(Math.floor(nowMs / 1000)),
    'now',
  ];
  for (const spelling of spellings) {
    const one = v1({ key: k.rootKey, nowMs, system: { Timestamp: spelling } });
    await refused(k, one, 'InvalidTimeStamp.Format');
    // A header carries no blanks at its ends and no line breaks; other letters come as bytes.
    if (spelling.trim() !== spelling) continue;
    const value = Buffer.from(spelling).toString('latin1');
    const three = v3({ key: k.rootKey, nowMs, headers: { 'x-acs-date': value } });
    await refused(k, three, 'InvalidTimeStamp.Format');
  }
  for (const year of ['0000', '9999', '0099']) {
    const far = v1({ key: k.rootKey, nowMs, system: { Timestamp: good.replace(/^\d{4}/, year) } });
    await refused(k, far, 'InvalidTimeStamp.Expired');
  }
  await accepted(
    k,
    v1({ key: k.rootKey, nowMs, system: { Timestamp: undefined, TimeStamp: good } }),
  );
  const two = v1({ key: k.rootKey, nowMs, system: { TimeStamp: good } });
  await refused(k, two, 'InvalidParameter');
});

test('a nonce is used up by its own key only, and only by a right signature', async (t) => {
  const k = await kindred(t);
  const nowMs = k.clock.wallMs();
  const wrong = { ...k.rootKey, accessKeySecret: 'wrong' };
  const other = await k.newAccount();
  const nonce = 'seen-by-a-stranger';
  const byParameter = { system: { SignatureNonce: nonce } };
  const byHeader = { headers: { 'x-acs-signature-nonce': nonce } };
  await refused(k, v1({ key: wrong, nowMs, ...byParameter }), 'SignatureDoesNotMatch');
  await refused(k, v3({ key: wrong, nowMs, ...byHeader }), 'SignatureDoesNotMatch');
  const late = nowMs - 16 * MINUTE_MS;
  await refused(k, v1({ key: k.rootKey, nowMs: late, ...byParameter }), 'InvalidTimeStamp.Expired');
  await accepted(k, v1({ key: other, nowMs, ...byParameter }));
  await accepted(k, v1({ key: k.rootKey, nowMs, ...byParameter }));
  // One nonce of a key, whichever way it is signed, whatever it asks.
  await refused(k, v1({ key: k.rootKey, nowMs, ...byParameter }), 'SignatureNonceUsed');
  await refused(k, v3({ key: k.rootKey, nowMs, ...byHeader }), 'SignatureNonceUsed');
  const parameters = { ...FAMILY, ImageFamily: 'another' };
  await refused(k, v1({ key: k.rootKey, nowMs, parameters, ...byParameter }), 'SignatureNonceUsed');
});

test('a nonce of the future is known until its own window has passed', async (t) => {
  const k = await kindred(t);
  const startMs = k.clock.wallMs();
  const ahead = startMs + 14 * MINUTE_MS + 59 * SECOND_MS;
  const requests = [v1, v3].map((sign) => sign({ key: k.rootKey, nowMs: ahead }));
  for (const request of requests) await accepted(k, request);
  for (const minutes of [1, 14, 15, 16, 29]) {
    k.clock.setWall(startMs + minutes * MINUTE_MS);
    for (const request of requests) await refused(k, request, 'SignatureNonceUsed');
  }
  k.clock.setWall(ahead + 15 * MINUTE_MS);
  for (const request of requests) await refused(k, request, 'SignatureNonceUsed');
  k.clock.setWall(ahead + 15 * MINUTE_MS + SECOND_MS);
  for (const request of requests) await refused(k, request, 'InvalidTimeStamp.Expired');
});

test('a write with a used nonce has no second effect', async (t) => {
  const k = await kindred(t);
  const nowMs = k.clock.wallMs();
  const create = { action: 'CreateAccessKey', version: '2026-11-24', parameters: {} };
  const request = v3({ key: k.rootKey, nowMs, ...create });
  await accepted(k, request);
  for (let i = 0; i < 3; i++) await refused(k, request, 'SignatureNonceUsed');
  const fresh = v3({ key: k.rootKey, nowMs, ...create });
  const answers = await Promise.all(Array.from({ length: 64 }, () => attempt(k, fresh)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  const { AccessKeys } = await k.call('DescribeAccessKeys');
  assert.equal(AccessKeys.AccessKey.length, 3);
});
