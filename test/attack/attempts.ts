// One attempt against a Kindred in the test's own process: what it is answered with, and that a refused
// one has left no row behind.
import assert from 'node:assert/strict';
import type { Harness } from '../../src/testing/harness.ts';
import type { WireRequest } from '../../src/wire/request.ts';

export interface Answered {
  status: number;
  code: string;
  message: string;
  body: string;
}

export const attempt = async (k: Harness, request: WireRequest): Promise<Answered> => {
  const { status, body } = await k.kindred.handle(request);
  const text = Buffer.from(body).toString('utf8');
  const member = (name: string): string | undefined =>
    new RegExp(`"${name}":"((?:[^"\\\\]|\\\\.)*)"|<${name}>([^<]*)</${name}>`)
      .exec(text)
      ?.slice(1)
      .find(Boolean);
  if (status !== 200)
    for (const name of ['RequestId', 'Code', 'Message'])
      assert.ok(member(name), `${name} is missing in ${text}`);
  return { status, code: member('Code') ?? 'OK', message: member('Message') ?? '', body: text };
};

/** The answer is this error and nothing was written. */
export const refused = async (
  k: Harness,
  request: WireRequest,
  code: string,
  status = 400,
): Promise<Answered> => {
  const before = k.stateHash();
  const answered = await attempt(k, request);
  assert.deepEqual([answered.status, answered.code], [status, code], answered.message);
  assert.equal(k.stateHash(), before, 'a refused request left something behind');
  return answered;
};

export const accepted = async (k: Harness, request: WireRequest): Promise<void> => {
  const { status, code, message } = await attempt(k, request);
  assert.deepEqual([status, code], [200, 'OK'], message);
};
