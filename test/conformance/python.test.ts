// The main path and the errors through the official Python clients, the newest (V3) and the legacy one
// (V1), each in a process of its own.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { answerOf, startDriver } from './driver.ts';
import { findPython, PYTHON_CLIENTS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { tellStory } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'the official Python clients';
const DRIVER = fileURLToPath(new URL('driver.py', import.meta.url));
const python = findPython();
const skip =
  python === undefined &&
  skipOrFail(NAME, 'no Python clients: run test/conformance/setup-python.sh');

if (skip !== false) for (const id of Object.values(PYTHON_CLIENTS)) recordSkip(id, skip);

test(NAME, { skip, timeout: 110_000, concurrency: 2 }, async (t) => {
  const { target, putObject } = await conformance(t);
  const run = randomBytes(3).toString('hex');
  const family = { RegionId: REGION, ImageFamily: '1x' };
  const checks = (['tea', 'legacy'] as const).map((kind) =>
    t.test(kind, async (t) => {
      const seen = await recorded(t, target, PYTHON_CLIENTS[kind]);
      const ask = startDriver(t, python ?? '', [DRIVER, kind], seen);
      await tellStory({ call: answerOf(ask), run: `${run}-${kind}`, putObject });
      const { error } = await ask('DescribeImageFromFamily', family);
      assert.deepEqual([error?.code, error?.status], ['InvalidImageFamily.Malformed', 400]);
      assert.match(error?.message ?? '', /The image family name breaks the naming rules\./);
      assert.match(error?.requestId ?? '', /^[0-9A-F-]{36}$/);
      const wrong = startDriver(t, python ?? '', [DRIVER, kind], {
        ...seen,
        accessKeySecret: 'wrong',
      });
      const refusal = (await wrong('DescribeImageFromFamily', family)).error;
      // The legacy client compares our string to sign with its own, and tells the secret to be wrong.
      const code = kind === 'legacy' ? 'InvalidAccessKeySecret' : 'SignatureDoesNotMatch';
      assert.deepEqual([refusal?.code, refusal?.status], [code, 400], JSON.stringify(refusal));
    }),
  );
  await Promise.all(checks);
});
