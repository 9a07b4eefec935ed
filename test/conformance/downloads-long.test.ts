// Programs that others wrote read images on addresses that last, while the family's head moves a thousand
// times: no sum is wrong and nothing is missing. Signatures of gpg and ssh-keygen verify as served.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { createClient, type Client } from '../../src/client/client.ts';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { startServer, type TestServer } from '../../src/testing/server.ts';
import { skipOrFail } from './programs.ts';

const RegionId = 'cn-hangzhou';
/** How often the head moves; KINDRED_TEST_MOVES=1000 for the whole measure, which takes some minutes. */
const MOVES = Number(process.env.KINDRED_TEST_MOVES ?? 150);
const SYSTEMD_PULL = ['/usr/lib/systemd/systemd-pull', '/lib/systemd/systemd-pull'].find(
  existsSync,
);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const needs = (name: string, isThere: boolean, what: string) => ({
  skip: !isThere && skipOrFail(name, `no ${what}`),
});

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Not spawnSync: the head has to move meanwhile. */
const run = (program: string, argv: readonly string[], env = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(program, argv, { env: { ...process.env, ...env } });
    const ended = { stdout: '', stderr: '' };
    child.stdout.setEncoding('latin1').on('data', (text: string) => (ended.stdout += text));
    child.stderr.setEncoding('latin1').on('data', (text: string) => (ended.stderr += text));
    child.once('close', (status) => resolve({ status, ...ended }));
  });

let server: TestServer;
let client: Client;
let family = '';
let folder = '';
const images: { imageId: string; bytes: Uint8Array; url: string }[] = [];
const closing: (() => Promise<void>)[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kindred-downloads-'));
  server = await startServer({ after: (end) => void closing.push(end) });
  client = createClient({ endpoint: server.url, ...server.key });
  const { AccountId } = await client.getCallerIdentity();
  family = `${server.url}/families/${AccountId}/${RegionId}/web`;
  mkdirSync(join(server.dataDir, 'buckets/images'), { recursive: true });
  for (const seed of [1, 2]) {
    const bytes = makeQcow2({
      virtualSizeBytes: 64 * 1024 * 1024,
      guestData: { seed, sizeBytes: 256 * 1024 },
    });
    writeFileSync(join(server.dataDir, `buckets/images/web-${seed}.qcow2`), bytes);
    const { ImageId, TaskId } = await client.importImage({
      RegionId,
      ImageName: `web-${seed}`,
      DiskDeviceMapping: [{ OSSBucket: 'images', OSSObject: `web-${seed}.qcow2` }],
    });
    while ((await client.describeTaskAttribute({ RegionId, TaskId })).TaskStatus !== 'Finished')
      await new Promise((resolve) => setTimeout(resolve, 50));
    await client.modifyImageAttribute({ RegionId, ImageId, ImageFamily: 'web' });
    const url = `${server.url}/images/${ImageId}/web-${seed}.qcow2`;
    images.push({ imageId: ImageId, bytes, url });
  }
  await client.modifyImageFamilyAccess({ RegionId, ImageFamily: 'web', Access: 'public-read' });
});

after(async () => {
  for (const end of closing) await end();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'curl --range, wget -c and wget with a token',
  needs('curl --range, wget -c and wget with a token', has('curl') && has('wget'), 'curl or wget'),
  async () => {
    const { bytes, url } = images[1]!;
    const file = join(folder, 'ranged');
    const curl = await run('curl', ['-sSf', '--range', '1000-1999', '-o', file, url]);
    assert.equal(curl.status, 0, curl.stderr);
    assert.deepEqual(new Uint8Array(readFileSync(file)), bytes.subarray(1000, 2000));
    writeFileSync(join(folder, 'web-2.qcow2'), bytes.subarray(0, 100_000));
    const wget = await run('wget', ['-c', '-P', folder, url]);
    assert.equal(wget.status, 0, wget.stderr);
    assert.match(wget.stderr, /206 Partial Content/);
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'web-2.qcow2'))), bytes);
    await client.modifyImageFamilyAccess({ RegionId, ImageFamily: 'web', Access: 'private' });
    const { Token } = await client.createFamilyReadToken({ RegionId, ImageFamily: 'web' });
    const asked = await run('wget', [
      '-O',
      file,
      '--user=any',
      `--password=${Token}`,
      `${family}/latest`,
    ]);
    assert.equal(asked.status, 0, asked.stderr);
    assert.deepEqual(new Uint8Array(readFileSync(file)), bytes);
    await client.modifyImageFamilyAccess({ RegionId, ImageFamily: 'web', Access: 'public-read' });
  },
);

test(
  'qemu-img info over HTTP',
  needs(
    'qemu-img info over HTTP',
    existsSync('/usr/lib/x86_64-linux-gnu/qemu/block-curl.so') ||
      existsSync('/usr/lib/aarch64-linux-gnu/qemu/block-curl.so'),
    'qemu-img with curl (qemu-block-extra)',
  ),
  async () => {
    for (const url of [images[0]!.url, `${family}/latest`]) {
      const info = await run('qemu-img', ['info', '--output=json', url]);
      assert.equal(info.status, 0, info.stderr);
      const told = JSON.parse(info.stdout);
      assert.deepEqual([told.format, told['virtual-size']], ['qcow2', 64 * 1024 * 1024]);
    }
  },
);

test(
  'gpg and ssh-keygen verify what is served',
  needs(
    'gpg and ssh-keygen verify what is served',
    has('gpg') && has('ssh-keygen'),
    'gpg or ssh-keygen',
  ),
  async () => {
    const [{ imageId: ImageId }] = images as [(typeof images)[0]];
    const home = join(folder, 'gnupg');
    mkdirSync(home, { mode: 0o700 });
    const gnupg = { GNUPGHOME: home };
    const { Sha256Sums } = await client.describeImageSignatures({ RegionId, ImageId });
    const sums = join(home, 'SHA256SUMS');
    writeFileSync(sums, Sha256Sums);
    const must = async (program: string, argv: string[]) => {
      const ended = await run(program, argv, gnupg);
      assert.equal(ended.status, 0, `${program} ${argv.join(' ')}: ${ended.stderr}`);
    };
    await must('gpg', [
      '--batch',
      '--passphrase',
      '',
      '--quick-gen-key',
      'p@example.test',
      'ed25519',
      'sign',
      'never',
    ]);
    await must('gpg', ['--batch', '-b', '-o', `${sums}.made`, sums]);
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, 'key')]);
    await must('ssh-keygen', ['-q', '-Y', 'sign', '-f', join(home, 'key'), '-n', 'file', sums]);
    const put = (SignatureContent: string) =>
      client.putImageSignature({ RegionId, ImageId, SignatureContent });
    await put(readFileSync(`${sums}.made`).toString('base64'));
    await put(readFileSync(`${sums}.sig`, 'utf8'));
    for (const name of ['SHA256SUMS', 'SHA256SUMS.gpg', 'SHA256SUMS.sig']) {
      const response = await fetch(`${server.url}/images/${ImageId}/${name}`);
      assert.equal(response.status, 200, name);
      writeFileSync(join(home, name), Buffer.from(await response.arrayBuffer()));
    }
    await must('gpg', ['--batch', '--verify', join(home, 'SHA256SUMS.gpg'), sums]);
    writeFileSync(
      join(home, 'signers'),
      `p@example.test ${readFileSync(join(home, 'key.pub'), 'utf8')}`,
    );
    await must('sh', [
      '-c',
      `ssh-keygen -Y verify -f ${home}/signers -I p@example.test -n file -s ${home}/SHA256SUMS.sig < ${sums}`,
    ]);
  },
);

test(
  'a head that moves all the time: no wrong sum, no 404',
  needs(
    'a head that moves all the time: no wrong sum, no 404',
    has('curl') && SYSTEMD_PULL !== undefined,
    'curl or systemd-pull (systemd-container)',
  ),
  async (t) => {
    const newest = images[1]!.imageId;
    const known = new Set(images.map(({ bytes }) => sha256(bytes)));
    let moves = 0;
    const moving = (async () => {
      for (; moves < MOVES; moves += 1)
        await client.modifyImageAttribute({
          RegionId,
          ImageId: newest,
          Status: moves % 2 === 0 ? 'Deprecated' : 'Available',
        });
    })();
    const counts = { curl: 0, json: 0, systemd: 0 };
    const faults: string[] = [];
    const loop = async (once: () => Promise<void>) => {
      do await once();
      while (moves < MOVES);
    };
    const file = join(folder, 'moving');
    const curl = async () => {
      const got = await run('curl', [
        '-sSfL',
        '-w',
        '%{url_effective}',
        '-o',
        file,
        `${family}/latest`,
      ]);
      const sums = await run('curl', ['-sSf', `${family}/SHA256SUMS`]);
      const beside = await run('curl', ['-sSf', got.stdout.replace(/[^/]*$/, 'SHA256SUMS')]);
      const hex = sha256(readFileSync(file));
      const line = `${hex}  ${got.stdout.split('/').at(-1)}\n`;
      const isRight =
        got.status === 0 && known.has(hex) && sums.stdout.includes(line) && beside.stdout === line;
      if (!isRight) faults.push(`curl: ${got.stderr} ${sums.stderr} ${beside.stderr} ${line}`);
      counts.curl += 1;
    };
    const json = async () => {
      const latest = (await (await fetch(`${family}/latest.json`)).json()) as {
        url: string;
        sha256: string;
      };
      const response = await fetch(latest.url);
      const hex = sha256(Buffer.from(await response.arrayBuffer()));
      if (response.status !== 200 || hex !== latest.sha256)
        faults.push(`json: ${response.status} ${hex}`);
      counts.json += 1;
    };
    const systemd = async () => {
      const root = mkdtempSync(join(folder, 'root-'));
      const argv = [`--image-root=${root}`, '--verify=checksum', '--settings=no', '--roothash=no'];
      const pulled = await run(SYSTEMD_PULL!, [...argv, 'raw', `${family}/latest`, 'web']);
      if (pulled.status !== 0 || !/SHA256 checksum of .* is valid/.test(pulled.stderr))
        faults.push(`systemd-pull: ${pulled.status} ${pulled.stderr}`);
      rmSync(root, { recursive: true, force: true });
      counts.systemd += 1;
    };
    await Promise.all([moving, loop(curl), loop(json), loop(systemd)]);
    t.diagnostic(
      `${moves} moves; curl ${counts.curl}, latest.json ${counts.json}, systemd-pull ${counts.systemd} times; ${faults.length} faults`,
    );
    assert.deepEqual(faults, []);
  },
);
