// `kindred pull` against a real server behind a port.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readServeConfig } from '../../server/config.ts';
import { startServing, type Serving } from '../../server/serve.ts';
import { captureIo } from '../captured-io.ts';
import { runCommand } from '../main.ts';
import { BLOCK_BYTES } from './part-file.ts';

const MIB = 1024 * 1024;

interface Site {
  serving: Serving;
  /** A raw disk of five blocks: noise, zeros, noise, and a block that is not whole. */
  bytes: Buffer;
  folder: string;
  run(
    line: string,
    key?: { AccessKeyId: string; AccessKeySecret: string },
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

const site = async (t: TestContext): Promise<Site> => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-pull-'));
  const dataDir = join(folder, 'data');
  const flags = ['--listen=127.0.0.1:0', `--data=${dataDir}`, '--log-level=silent'];
  const serving = await startServing(readServeConfig(flags, {}));
  t.after(async () => {
    await serving.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const bytes = Buffer.concat([randomBytes(4 * MIB), Buffer.alloc(3 * MIB), randomBytes(2 * MIB)]);
  const environment = {
    ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou',
    ALIBABA_CLOUD_ENDPOINT: serving.url,
    KINDRED_DATA: dataDir,
  };
  const run: Site['run'] = async (line, key) => {
    const own = key && {
      ALIBABA_CLOUD_ACCESS_KEY_ID: key.AccessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.AccessKeySecret,
    };
    const io = captureIo({ environment: { ...environment, ...own } });
    const exitCode = await runCommand(line.split(' '), io);
    return { exitCode, stdout: io.stdout, stderr: io.stderr };
  };
  mkdirSync(join(dataDir, 'buckets/golden'), { recursive: true });
  writeFileSync(join(dataDir, 'buckets/golden/disk.raw'), bytes);
  const imported = await run(
    'import-image --image-name web-1 --disk-device-mapping OSSBucket=golden,OSSObject=disk.raw,Format=RAW --wait --output json',
  );
  assert.equal(imported.exitCode, 0, imported.stderr);
  const { ImageId } = JSON.parse(imported.stdout) as { ImageId: string };
  await run(`modify-image-attribute --image-id ${ImageId} --image-family web`);
  return { serving, bytes, folder, run };
};

test('a family is pulled whole, once, with its holes', async (t) => {
  const { bytes, folder, run } = await site(t);
  const path = join(folder, 'web.raw');
  const first = await run(`pull web -o ${path} --json`);
  assert.equal(first.exitCode, 0, first.stderr);
  const told = JSON.parse(first.stdout) as Record<string, unknown>;
  assert.equal(told.sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.deepEqual([told.format, told.size, told.path], ['raw', bytes.length, path]);
  assert.ok(readFileSync(path).equals(bytes));
  assert.ok(statSync(path).blocks * 512 < bytes.length, 'zeros became a hole');
  assert.equal(existsSync(`${path}.part`) || existsSync(`${path}.part.blocks`), false);
  assert.match((await run(`pull web -o ${path}`)).stdout, /is there already/);
  writeFileSync(path, 'something older');
  assert.equal((await run(`pull ${String(told.imageId)} -o ${path} --connections 1`)).exitCode, 0);
  assert.ok(readFileSync(path).equals(bytes), 'an older file is replaced');
});

test('what is there already is not fetched again, and damage of it is found', async (t) => {
  const { serving, bytes, folder, run } = await site(t);
  const path = join(folder, 'web.raw');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const remember = (part: Uint8Array): void => {
    writeFileSync(`${path}.part`, part);
    const head = `sha256 ${sha256} size ${bytes.length} block ${BLOCK_BYTES}`;
    // The last line was cut short by a kill: block 1 is not known to be there.
    writeFileSync(`${path}.part.blocks`, `${head}\n0\n2\n3\n1`);
  };
  let asked = 0;
  serving.kindred.stores.all.forEach(({ blobs }) => {
    const open = blobs.open.bind(blobs);
    blobs.open = (digest, range) => {
      asked += 1;
      return open(digest, range);
    };
  });
  remember(bytes);
  assert.equal((await run(`pull web -o ${path}`)).exitCode, 0);
  assert.ok(readFileSync(path).equals(bytes));
  assert.equal(asked, 2, 'only blocks 1 and 4 were missing');
  rmSync(path);
  remember(Buffer.alloc(bytes.length));
  const again = await run(`pull web -o ${path}`);
  assert.equal(again.exitCode, 0);
  assert.match(again.stderr, /damaged; once more/);
  assert.ok(readFileSync(path).equals(bytes));
});

test('a family is pulled by its address: with a token, or with a key of its account', async (t) => {
  const { bytes, folder, run } = await site(t);
  const path = join(folder, 'web.raw');
  const answer = await run('create-family-read-token --image-family web --output json');
  const { Token } = JSON.parse(answer.stdout) as { Token: string };
  await run('set-account-alias --account-alias golden');
  const made = await run('create-account --account-name other --output json');
  const other = JSON.parse(made.stdout) as { AccessKeyId: string; AccessKeySecret: string };
  const without = await run(`pull web --account golden -o ${path}`, other);
  assert.equal(without.exitCode, 1);
  assert.match(without.stderr, /EmptyFamily: .*HTTP 401/);
  const byToken = await run(`pull web --account golden --token ${Token} -o ${path}`, other);
  assert.equal(byToken.exitCode, 0, byToken.stderr);
  assert.ok(readFileSync(path).equals(bytes));
  rmSync(path);
  const byKey = await run(`pull web --account golden -o ${path}`);
  assert.equal(byKey.exitCode, 0, byKey.stderr);
  assert.ok(readFileSync(path).equals(bytes));
});

test('what cannot be pulled is refused in one sentence', async (t) => {
  const { folder, run } = await site(t);
  const path = join(folder, 'x');
  const cases: readonly (readonly [line: string, exitCode: number, says: RegExp])[] = [
    [`pull -o ${path}`, 2, /needs one family or image/],
    ['pull web', 2, /needs one family or image/],
    [`pull web -o ${path} --connections 0`, 2, /1 to 32/],
    [`pull web -o ${path} --device /dev/xvdz`, 2, /it has \/dev\/xvda/],
    [`pull m-0 -o ${path} --account golden`, 2, /not an image/],
    [`pull nothing -o ${path}`, 1, /EmptyFamily: no image of the family nothing/],
    [`pull m-bp100000000000000000 -o ${path}`, 1, /InvalidImageId\.NotFound/],
    [`pull web -o ${join(folder, 'no', 'such', 'folder')}`, 1, /cannot be written \(ENOENT\)/],
    [`pull web -o ${path} --region mars`, 1, /InvalidRegionId\.NotFound/],
  ];
  for (const [line, exitCode, says] of cases) {
    const ran = await run(line);
    assert.equal(ran.exitCode, exitCode, `${line}: ${ran.stderr}`);
    assert.match(ran.stderr, says);
    assert.equal(existsSync(path), false);
  }
});
