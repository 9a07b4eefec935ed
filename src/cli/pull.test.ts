import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { kindred, REGION } from '../testing/harness.ts';
import { servePaths } from '../testing/paths.ts';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';
import { gaps, openPart, readPart } from './pull-part.ts';

const MIB = 1024 * 1024;

const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'kindred-pull-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const site = async (t: TestContext) => {
  const k = await kindred(t);
  const origin = await servePaths(t, k);
  const web = { RegionId: REGION, ImageFamily: 'web' };
  const publish = async (name: string, bytes = k.diskImage()) => {
    k.clock.advance(1000);
    const { imageId } = await k.importImage({ ImageName: name }, { bytes });
    await k.call('ModifyImageAttribute', { ...web, ImageId: imageId });
    return { imageId, bytes };
  };
  const { Token } = await k.call('CreateFamilyReadToken', web);
  const file = join(folder(t), 'disk.qcow2');
  const run = async (target: string, more: readonly string[] = [], token: string = Token) => {
    const io = captureIo({ environment: { KINDRED_READ_TOKEN: token } });
    const argv = ['pull', target, '-o', file, '--region', REGION, '--url', origin, ...more];
    return { code: await runCommand(argv, io), io };
  };
  return { k, origin, publish, file, run, family: `acs:${k.accountId}:web` };
};

test('a family and an image come to a file, which is not fetched twice', async (t) => {
  const { k, publish, file, run, family } = await site(t);
  const { imageId, bytes } = await publish('web-1');
  const first = await run(family, ['--json']);
  assert.equal(first.code, 0, first.io.stderr);
  const { fetched, size, ...told } = JSON.parse(first.io.stdout);
  assert.deepEqual([fetched, size], [bytes.length, bytes.length]);
  assert.equal(told.imageId, imageId);
  assert.deepEqual(new Uint8Array(readFileSync(file)), bytes);
  assert.deepEqual([existsSync(`${file}.part`), existsSync(`${file}.part.json`)], [false, false]);
  const again = await run('web', ['--account', k.accountId, '--json']);
  assert.equal(JSON.parse(again.io.stdout).fetched, 0);
  const next = await publish('web-2');
  const refused = await run(family);
  assert.equal(refused.code, 1);
  assert.match(refused.io.stderr, /--force replaces it/);
  assert.equal((await run(next.imageId, ['--force'])).code, 0);
  assert.deepEqual(new Uint8Array(readFileSync(file)), next.bytes);
});

test('what cannot be pulled says why in a sentence', async (t) => {
  const { publish, run, family } = await site(t);
  assert.match((await run(family)).io.stderr, /no available image/);
  await publish('web-1');
  const cases: [target: string, flags: string[], token: string | undefined, told: RegExp][] = [
    [family, [], '', /give a read token/],
    [family, [], 'kindred_read_wrong', /does not know the token/],
    ['web', [], undefined, /--account/],
    ['m-bp146shijn7hujku9exp', [], undefined, /nothing here/],
    [family, ['--url', 'http://127.0.0.1:9'], undefined, /does not answer/],
  ];
  for (const [target, flags, token, told] of cases) {
    const { code, io } = await run(target, flags, token);
    assert.equal(code, 1, target);
    assert.match(io.stderr, told);
  }
  for (const flags of [['--connections', '0'], ['--connections', '17'], ['--nothing'], ['more']])
    assert.equal((await run(family, flags)).code, 2, flags.join(' '));
});

test('a pull goes on with the image that it began with, until that is gone', async (t) => {
  const { k, publish, file, run, family } = await site(t);
  const { imageId, bytes } = await publish('web-1', k.diskImage(4 * MIB));
  const sha256 = (
    await k.call('DescribeImageContent', { RegionId: REGION, ImageId: imageId })
  ).Disks.Disk[0].Digest.slice(7) as string;
  const begin = () => {
    const part = openPart(file, { imageId, sha256, sizeBytes: bytes.length });
    part.write(0, Buffer.from(bytes.subarray(0, MIB)));
    part.note({ start: 0, end: MIB });
    part.close();
    // As a process leaves it that is killed while it notes.
    appendFileSync(`${file}.part.json`, '[1048');
  };
  begin();
  const next = await publish('web-2');
  const went = await run(family, ['--json']);
  assert.equal(went.code, 0, went.io.stderr);
  const result = JSON.parse(went.io.stdout);
  assert.deepEqual([result.imageId, result.fetched], [imageId, bytes.length - MIB]);
  assert.deepEqual(new Uint8Array(readFileSync(file)), bytes);
  rmSync(file);
  begin();
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  k.clock.advance(61_000);
  const anew = JSON.parse((await run(family, ['--json'])).io.stdout);
  assert.deepEqual([anew.imageId, anew.fetched], [next.imageId, next.bytes.length]);
  assert.deepEqual(new Uint8Array(readFileSync(file)), next.bytes);
});

test('notes that lie, as after a power cut, cost a second download and nothing else', async (t) => {
  const { k, publish, file, run, family } = await site(t);
  const { imageId, bytes } = await publish('web-1', k.diskImage(MIB));
  const content = await k.call('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
  const sha256: string = content.Disks.Disk[0].Digest.slice(7);
  const part = openPart(file, { imageId, sha256, sizeBytes: bytes.length });
  part.note({ start: 0, end: bytes.length - 10 });
  part.close();
  const { code, io } = await run(family);
  assert.equal(code, 0, io.stderr);
  assert.match(io.stderr, /beginning anew/);
  assert.deepEqual(new Uint8Array(readFileSync(file)), bytes);
});

test('zeros become holes, wherever the pieces are cut', async (t) => {
  const file = join(folder(t), 'sparse');
  const sizeBytes = 64 * MIB;
  const part = openPart(file, { imageId: 'm-1', sha256: '0', sizeBytes });
  const island = randomBytes(5_000);
  const written = Buffer.alloc(sizeBytes);
  island.copy(written, 33_000_001);
  for (let at = 0; at < sizeBytes;) {
    const end = Math.min(sizeBytes, at + 1 + Math.floor(Math.random() * 200_000));
    part.write(at, written.subarray(at, end));
    at = end;
  }
  part.close();
  assert.ok(readFileSync(`${file}.part`).equals(written));
  assert.ok(statSync(`${file}.part`).blocks * 512 < 64 * 1024);
});

test('notes are read as far as they make sense', (t) => {
  const file = join(folder(t), 'disk');
  assert.equal(readPart(file), undefined);
  const header = { imageId: 'm-1', sha256: 'a', sizeBytes: 100 };
  const part = openPart(file, header);
  assert.deepEqual(part.missing, [{ start: 0, end: 100 }]);
  for (const [start, end] of [
    [50, 60],
    [0, 10],
    [5, 20],
    [60, 61],
  ] as const)
    part.note({ start, end });
  part.close();
  appendFileSync(`${file}.part.json`, '[90,1000]\n[99');
  const again = openPart(file, header);
  again.close();
  assert.deepEqual(again.missing, [
    { start: 20, end: 50 },
    { start: 61, end: 100 },
  ]);
  assert.deepEqual(gaps([{ start: 0, end: 100 }], 100), []);
  writeFileSync(`${file}.part.json`, 'not json\n');
  assert.equal(readPart(file), undefined);
  truncateSync(`${file}.part.json`);
  assert.equal(readPart(file), undefined);
});
