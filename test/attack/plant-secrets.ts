// Makes a server handle a secret of every kind that it gives out or takes in, rightly and wrongly, and tells
// which they were and what it answered to calls that must not show them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import type { TestServer } from '../../src/testing/server.ts';
import { send } from './raw.ts';
import type { Place, Secret } from './search-secrets.ts';
import { v1, v3, type Texts } from './sign.ts';

type Key = TestServer['key'];
// oxlint-disable-next-line typescript/no-explicit-any -- parsed answers of many shapes
type Json = any;

const REGION = 'cn-hangzhou';
const POLLS = 400;
const POLL_MS = 50;
const VERSIONS = {
  ecs: '2014-05-26',
  ram: '2015-05-01',
  sts: '2015-04-01',
  kindred: '2026-11-24',
} as const;

interface CallOf {
  product?: keyof typeof VERSIONS;
  key?: Key;
  token?: string;
}

/** Calls one server and keeps every answer that must show no secret. */
export class Planter {
  readonly secrets: Secret[] = [];
  readonly answers: Place[] = [];
  readonly server: TestServer;

  constructor(server: TestServer) {
    this.server = server;
  }

  add(name: string, text: string | undefined): string {
    assert.ok(text !== undefined && text.length >= 12, `${name} is missing`);
    this.secrets.push({ name, text });
    return text;
  }

  /** A call that must succeed; what it answers may be secret. */
  async call(action: string, parameters: Texts = {}, options: CallOf = {}): Promise<Json> {
    const { text, statuses } = await this.#send(action, parameters, options);
    assert.deepEqual(statuses, [200], `${action}: ${text}`);
    return JSON.parse(text.slice(text.indexOf('\r\n\r\n')));
  }

  /** A call that must be refused, whose answer is searched. */
  async refused(action: string, parameters: Texts = {}, options: CallOf = {}): Promise<void> {
    const { text, statuses } = await this.#send(action, parameters, options);
    assert.match(String(statuses), /^4\d\d$/, `${action}: ${text}`);
    this.#keep(`the answer to ${action}`, text);
  }

  /** A call that succeeds and whose answer is searched. */
  async shown(action: string, parameters: Texts = {}, options: CallOf = {}): Promise<Json> {
    const answer = await this.call(action, parameters, options);
    this.#keep(`the answer to ${action}`, JSON.stringify(answer));
    return answer;
  }

  /** A request as it stands, whose answer is searched. */
  async sent(name: string, request: Parameters<typeof send>[1]): Promise<void> {
    this.#keep(`the answer to ${name}`, (await send(this.server, request)).text);
  }

  /** A request to another path, whose answer is searched. */
  async fetch(path: string, init: RequestInit = {}): Promise<number> {
    const response = await fetch(this.server.url + path, { redirect: 'manual', ...init });
    this.#keep(`the answer to ${init.method ?? 'GET'}`, await response.text());
    return response.status;
  }

  #keep(name: string, text: string): void {
    this.answers.push({ name, bytes: Buffer.from(text) });
  }

  #send(action: string, parameters: Texts, { product = 'ecs', key, token }: CallOf) {
    const headers = token === undefined ? {} : { 'x-acs-security-token': token };
    const [nowMs, version] = [Date.now(), VERSIONS[product]];
    const signed = { key: key ?? this.server.key, nowMs, action, version, parameters, headers };
    return send(this.server, v3(signed));
  }
}

const kindred = { product: 'kindred' } as const;

/** A RAM user's key, and a session's, both used rightly and wrongly. */
const plantRam = async (p: Planter): Promise<void> => {
  const ram = { product: 'ram' } as const;
  const { AccountId } = await p.call('GetCallerIdentity', {}, { product: 'sts' });
  await p.call('CreateUser', { UserName: 'planted' }, ram);
  await p.call(
    'AttachPolicyToUser',
    { UserName: 'planted', PolicyName: 'AdministratorAccess', PolicyType: 'System' },
    ram,
  );
  const { AccessKey } = await p.call('CreateAccessKey', { UserName: 'planted' }, ram);
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = AccessKey;
  p.add("a RAM user's secret", accessKeySecret);
  const key = { accessKeyId, accessKeySecret };
  const trust = {
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { RAM: [`acs:ram::${AccountId}:root`] },
      },
    ],
  };
  const document = { AssumeRolePolicyDocument: JSON.stringify(trust) };
  const { Role } = await p.call('CreateRole', { RoleName: 'planted', ...document }, ram);
  const session = { RoleArn: Role.Arn as string, RoleSessionName: 'planted' };
  const { Credentials } = await p.call('AssumeRole', session, { product: 'sts', key });
  const token = p.add('a security token', Credentials.SecurityToken);
  const temporary: Key = {
    accessKeyId: Credentials.AccessKeyId,
    accessKeySecret: p.add("a session's secret", Credentials.AccessKeySecret),
  };
  await p.shown('GetCallerIdentity', {}, { product: 'sts', key: temporary, token });
  // The role may do nothing; a token without its key, and one that was changed, open nothing.
  await p.refused('DescribeImages', { RegionId: REGION }, { key: temporary, token });
  await p.refused('DescribeImages', { RegionId: REGION }, { key, token });
  await p.refused('DescribeImages', { RegionId: REGION }, { key: temporary, token: `${token}A` });
  const system = { SecurityToken: token };
  await p.sent('V1 with a token', v1({ key: temporary, nowMs: Date.now(), system }));
  await p.shown('ListAccessKeys', { UserName: 'planted' }, ram);
  await p.shown('GetAccessKeyLastUsed', { UserName: 'planted', UserAccessKeyId: accessKeyId }, ram);
};

/** Secret addresses: of an upload, of a family, of a disk. */
const plantAddresses = async (p: Planter): Promise<string> => {
  await p.call('CreateBucket', { Bucket: 'planted' }, kindred);
  const disk = makeQcow2({ virtualSizeBytes: 1 << 20, guestData: { seed: 5, sizeBytes: 4096 } });
  writeFileSync(join(p.server.dataDir, 'buckets', 'planted', 'disk.qcow2'), disk);
  const upload = { Bucket: 'planted', Object: 'sent.raw', SizeBytes: '4096' };
  const { Url } = await p.call('CreateUpload', upload, kindred);
  p.add("an upload's secret", (Url as string).split('/').at(-1));
  const tus = { 'Tus-Resumable': '1.0.0' };
  const octets = { 'Content-Type': 'application/offset+octet-stream' };
  const half = { ...tus, ...octets, 'Upload-Offset': '0' };
  await p.fetch(Url, { method: 'HEAD', headers: tus });
  await p.fetch(Url, { method: 'PATCH', headers: half, body: randomBytes(2048) });
  await p.fetch(Url, { method: 'PATCH', headers: half, body: randomBytes(2048) });
  await p.fetch(`${Url}x`, { method: 'HEAD', headers: tus });
  await p.shown('DescribeUploads', {}, kindred);

  const device = { 'DiskDeviceMapping.1.OSSBucket': 'planted' };
  const { ImageId } = await p.call('ImportImage', {
    RegionId: REGION,
    ...device,
    'DiskDeviceMapping.1.OSSObject': 'disk.qcow2',
  });
  await until(async () => {
    const { Images } = await p.call('DescribeImages', { RegionId: REGION, ImageId });
    return Images.Image.length === 1;
  });
  const family = { RegionId: REGION, ImageFamily: 'planted' };
  await p.call('ModifyImageAttribute', { ...family, ImageId });
  const content = await p.call('DescribeImageContent', { RegionId: REGION, ImageId }, kindred);
  const address = content.Disks.Disk[0].Url as string;
  const signature = new URL(address, p.server.url).searchParams.get('Signature') ?? undefined;
  p.add('the signature of an address', signature);
  const response = await fetch(p.server.url + address);
  assert.equal((await response.arrayBuffer()).byteLength, disk.length);
  assert.ok((await p.fetch(address.replace(/Expires=\d/, 'Expires=9'))) >= 400);
  const { Token } = await p.call('CreateFamilyReadToken', family, kindred);
  p.add('a read token', Token);
  for (const path of [`/families/${REGION}/planted`, '/families/cn-nowhere/planted', '/nowhere'])
    for (const authorization of [`Bearer ${Token}`, `Bearer ${Token}x`, basic('any', Token)])
      await p.fetch(path, { headers: { authorization } });
  await p.shown('DescribeFamilyReadTokens', family, kindred);
  return ImageId as string;
};

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** What a user puts on a machine. */
const plantMachine = async (p: Planter, ImageId: string): Promise<void> => {
  const password = p.add("an instance's password", 'Planted-0pen/Sesame+1');
  const userData = p.add('user data', '#!/bin/sh\nexport PLANTED_TOKEN=in-user-data-0042\n');
  const machine = {
    RegionId: REGION,
    ImageId,
    InstanceType: 'ecs.g7.large',
    Password: password,
    UserData: Buffer.from(userData).toString('base64'),
  };
  await p.refused('RunInstances', { ...machine, InstanceType: 'none' });
  await p.refused('RunInstances', { ...machine, Password: `/${password}` });
  await p.refused('RunInstances', { ...machine, UserData: `!${machine.UserData}` });
  await p.refused('RunInstances', { ...machine, PasswordInherit: 'true' });
  await p.shown('RunInstances', machine);
  await p.shown('DescribeInstances', { RegionId: REGION });
  const pair = await p.call('CreateKeyPair', { RegionId: REGION, KeyPairName: 'planted' });
  const lines = (pair.PrivateKeyBody as string).split('\n');
  p.add('a line of a private key', lines[Math.floor(lines.length / 2)]);
  await p.shown('DescribeKeyPairs', { RegionId: REGION });
};

/** A backup into the folder. */
const backUp = async (p: Planter, Directory: string): Promise<void> => {
  const { BackupId } = await p.shown('CreateBackup', { Directory }, kindred);
  await until(async () => {
    const { Status } = await p.call('DescribeBackup', { BackupId }, kindred);
    assert.notEqual(Status, 'Failed');
    return Status !== 'Running' && Status !== 'Waiting';
  });
  await p.shown('DescribeBackup', { BackupId }, kindred);
};

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  for (let poll = 0; poll < POLLS; poll++) {
    if (await isDone()) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  assert.fail('it did not end in time');
};

/** All of them; the backup comes last, so that everything is in it. */
export const plantSecrets = async (p: Planter, backupFolder: string): Promise<void> => {
  await plantRam(p);
  const imageId = await plantAddresses(p);
  await plantMachine(p, imageId);
  await backUp(p, backupFolder);
};
