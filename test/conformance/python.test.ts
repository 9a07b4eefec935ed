// The main path and the errors through the official Python clients, the newest (V3) and the legacy one
// (V1), each in a process of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { Scope } from '../../src/testing/server.ts';
import type { Input } from '../wire/corpus.ts';
import type { Answer, Target } from './clients.ts';
import { findPython, skipOrFail } from './programs.ts';
import { tellStory } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'the official Python clients';
const DRIVER = fileURLToPath(new URL('driver.py', import.meta.url));
const python = findPython();
const skip =
  python === undefined &&
  skipOrFail(NAME, 'no Python clients: run test/conformance/setup-python.sh');

interface Told {
  answer?: Answer;
  error?: { code: string; status: number; requestId: string; message: string };
  broken?: string;
}

const startDriver = (t: Scope, kind: 'tea' | 'legacy', target: Target) => {
  const { host, port, accessKeyId, accessKeySecret } = target;
  const args = [DRIVER, kind, `${host}:${port}`, accessKeyId, accessKeySecret];
  const child = spawn(python ?? '', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (action: string, input: Input): Promise<Told> => {
    child.stdin.write(`${JSON.stringify({ action, input })}\n`);
    const { value } = await lines.next();
    const told = JSON.parse(String(value)) as Told;
    if (told.broken !== undefined) throw new Error(`${action}: ${told.broken}`);
    return told;
  };
  t.after(async () => void child.kill());
  return ask;
};

test(NAME, { skip, timeout: 110_000, concurrency: 2 }, async (t) => {
  const { target, putObject } = await conformance(t);
  const run = randomBytes(3).toString('hex');
  const family = { RegionId: REGION, ImageFamily: '1x' };
  const checks = (['tea', 'legacy'] as const).map((kind) =>
    t.test(kind, async (t) => {
      const ask = startDriver(t, kind, target);
      const call = async (action: string, input: Input): Promise<Answer> => {
        const { answer, error } = await ask(action, input);
        assert.ok(answer, JSON.stringify(error));
        return answer;
      };
      await tellStory({ call, run: `${run}-${kind}`, putObject });
      const { error } = await ask('DescribeImageFromFamily', family);
      assert.deepEqual([error?.code, error?.status], ['InvalidImageFamily.Malformed', 400]);
      assert.match(error?.message ?? '', /The image family name breaks the naming rules\./);
      assert.match(error?.requestId ?? '', /^[0-9A-F-]{36}$/);
      const wrong = startDriver(t, kind, { ...target, accessKeySecret: 'wrong' });
      const refusal = (await wrong('DescribeImageFromFamily', family)).error;
      // The legacy client compares our string to sign with its own, and tells the secret to be wrong.
      const code = kind === 'legacy' ? 'InvalidAccessKeySecret' : 'SignatureDoesNotMatch';
      assert.deepEqual([refusal?.code, refusal?.status], [code, 400], JSON.stringify(refusal));
    }),
  );
  await Promise.all(checks);
});
