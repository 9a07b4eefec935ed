// The story and the errors, as told by a client behind a driver: the same for every language.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Target } from './clients.ts';
import { answerOf, startDriver, type Ask } from './driver.ts';
import { recorded, type ClientId } from './record.ts';
import { tellStory } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

export interface DrivenClient {
  id: ClientId;
  program: string;
  args: readonly string[];
  /** What this client makes of a wrong secret. */
  wrongSecret: string;
}

const FAMILY = { RegionId: REGION, ImageFamily: '1x' };

const checkErrors = async (ask: Ask, withWrongSecret: Ask, code: string): Promise<void> => {
  const { error } = await ask('DescribeImageFromFamily', FAMILY);
  assert.deepEqual([error?.code, error?.status], ['InvalidImageFamily.Malformed', 400]);
  assert.match(error?.message ?? '', /The image family name breaks the naming rules\./);
  assert.match(error?.requestId ?? '', /^[0-9A-F-]{36}$/);
  const refusal = (await withWrongSecret('DescribeImageFromFamily', FAMILY)).error;
  assert.deepEqual([refusal?.code, refusal?.status], [code, 400], JSON.stringify(refusal));
};

/** A test for each client. */
export const driveAll = async (t: TestContext, clients: readonly DrivenClient[]): Promise<void> => {
  const { target, putObject } = await conformance(t);
  const run = randomBytes(3).toString('hex');
  const checks = clients.map(({ id, program, args, wrongSecret }, i) =>
    t.test(id.client, async (t) => {
      const seen = await recorded(t, target, id);
      const start = (as: Target): Ask => startDriver(t, program, args, as);
      const ask = start(seen);
      await tellStory({ call: answerOf(ask), run: `${run}-${i}`, putObject });
      await checkErrors(ask, start({ ...seen, accessKeySecret: 'wrong' }), wrongSecret);
    }),
  );
  await Promise.all(checks);
};
