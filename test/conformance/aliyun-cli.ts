// The `aliyun` command as a function. Its settings and its home are the test's own, so that no profile of
// the machine is read or changed.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flatten, type Input } from '../wire/corpus.ts';
import type { Answer, Target } from './clients.ts';
import { findAliyun, skipOrFail } from './programs.ts';
import { recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';

const { program, version } = findAliyun() ?? {};

export const ALIYUN_CLI = { client: 'aliyun CLI', version: version ?? '' };

/** Why a suite goes without it; false when the command is there. */
export const skipWithoutAliyun = (suite: string): string | false => {
  if (program !== undefined) return false;
  const skip = skipOrFail(suite, 'no aliyun on the path: see test/conformance/README.md');
  recordSkip(ALIYUN_CLI, skip);
  return skip;
};

type Key = Pick<Target, 'accessKeyId' | 'accessKeySecret'> & { securityToken?: string };

export type RunAliyun = (
  product: string,
  action: string,
  input: Input,
  more?: readonly string[],
) => Promise<Answer>;

/** Calls as somebody types them: `aliyun ram CreateUser --UserName ci`. Rejects as execFile does. */
export const aliyunFor = (
  t: { after(fn: () => void): void },
  target: Pick<Target, 'host' | 'port'>,
  key: Key,
): RunAliyun => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-aliyun-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    NO_PROXY: target.host,
    ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
    ALIBABA_CLOUD_REGION_ID: REGION,
    ...(key.securityToken !== undefined && { ALIBABA_CLOUD_SECURITY_TOKEN: key.securityToken }),
  };
  const to = ['--endpoint', `${target.host}:${target.port}`, '--insecure'];
  return async (product, action, input, more = []) => {
    const parameters = flatten(input).flatMap(([name, value]) => [`--${name}`, value]);
    const args = [product, action, ...parameters, ...to, ...more];
    const { stdout } = await promisify(execFile)(program ?? '', args, { env });
    return stdout.trim() === '' ? {} : JSON.parse(stdout);
  };
};
