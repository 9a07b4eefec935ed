// Packer, with a home of its own and the server as its HTTP proxy, or in a network where the cloud's names
// are the server: it can then be told nothing by the machine's settings, and needs none for its endpoint. The machines that it builds on are records here,
// so that it builds without a communicator.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scope } from '../../src/testing/server.ts';
import type { Answer, Call, Target } from './clients.ts';
import type { CloudNames } from './cloud-names.ts';
import { REGION } from './story-plans.ts';

export interface Build {
  program: string;
  /** As JSON, which both generations of Packer read by this ending. */
  file: string;
  template: object;
  env?: Readonly<Record<string, string>>;
  /** Where it runs, if the server is no proxy to it. */
  names?: CloudNames;
}

/** A build takes half a minute; Packer itself would wait for an image for an hour. */
const DEADLINE_MS = 120_000;

/** What the two builders have in common. */
export const SETTINGS = {
  region: REGION,
  instance_type: 'ecs.g6.large',
  communicator: 'none',
  internet_charge_type: 'PayByTraffic',
} as const;

export const TAGS = { channel: 'stable', 'owner & team': '镜像' };

/** What Packer prints. @throws with it, when the build fails */
export const build = async (
  t: Scope,
  target: Target,
  { program, file, template, env, names }: Build,
): Promise<string> => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-packer-'));
  t.after(async () => rmSync(home, { recursive: true, force: true }));
  writeFileSync(join(home, file), JSON.stringify(template));
  const surroundings = {
    ...env,
    ...(names?.env ?? { HTTP_PROXY: target.url }),
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: home,
    CHECKPOINT_DISABLE: '1',
    ALICLOUD_ACCESS_KEY: target.accessKeyId,
    ALICLOUD_SECRET_KEY: target.accessKeySecret,
  };
  const args = ['build', '-color=false', file];
  const [run, argv] = names?.wrap(program, args) ?? [program, args];
  const running = promisify(execFile)(run, argv, {
    cwd: home,
    env: surroundings,
    timeout: DEADLINE_MS,
  });
  return running.then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw new Error(`${stdout}\n${stderr}`);
    },
  );
};

/** The image that a build made in a region. */
export const artifact = (output: string, region: string): string => {
  const [, id] = new RegExp(`^${region}: (m-\\w+)$`, 'm').exec(output) ?? [];
  if (id === undefined) throw new Error(output);
  return id;
};

/** The id that Packer names after some words. */
export const idAfter = (output: string, words: string): string => {
  const [, id] = new RegExp(`${words}:? ([a-z]+-\\w+)`).exec(output) ?? [];
  if (id === undefined) throw new Error(output);
  return id;
};

/** What a build made for itself and did not take away. */
export const leftovers = async (call: Call, output: string): Promise<Answer[]> => {
  const InstanceIds = JSON.stringify([idAfter(output, 'Created instance')]);
  const { Instances } = await call('DescribeInstances', { RegionId: REGION, InstanceIds });
  const SecurityGroupId = idAfter(output, 'Created security group');
  const group = { RegionId: REGION, SecurityGroupId };
  const { SecurityGroups } = await call('DescribeSecurityGroups', group);
  return [...Instances.Instance, ...SecurityGroups.SecurityGroup];
};
