// The server dies at every named point of a backup. What was recorded before stays whole and is restored;
// the backup that died is none, or whole; the next one ends well, copies what is missing, and clears up.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FAULT_POINTS } from '../../src/lib/fault.ts';
import { Api } from './api.ts';
import { Objects } from './objects.ts';
import { buildProgram } from './program.ts';
import { cli, publish } from './restore-drill.ts';
import { readRows } from './rows.ts';
import { KEY, start, type ServerProcess } from './server-process.ts';
import { eventually } from './settle.ts';

const FAMILIES = ['web', 'db'];
/** The thread that copies takes the process with it, too, in the middle of a disk. */
const DEATHS = [
  ...FAULT_POINTS.filter((point) => point.startsWith('backup.')).map((point) => `${point}:1`),
  'backup.blob:2',
  'ingest.half:1',
];

const program = buildProgram();
const root = mkdtempSync(join(tmpdir(), 'kindred-backup-kills-'));
const [dataDir, directory] = [join(root, 'data'), join(root, 'backups')];
const objects = new Objects(join(root, 'buckets'), 7);
after(async () => {
  await running?.server.kill();
  program.remove();
  rmSync(root, { recursive: true, force: true });
});

/** A server that dies at `fault`, and its API. */
const serve = async (fault?: string): Promise<{ server: ServerProcess; api: Api }> => {
  const args = ['--buckets', join(root, 'buckets')];
  const server = await start(program, { dataDir, args, ...(fault !== undefined && { fault }) });
  return { server, api: new Api(server.port, KEY) };
};

const stop = async ({ server, api }: Awaited<ReturnType<typeof serve>>): Promise<void> => {
  api.close();
  await server.kill('SIGTERM');
};

/** The one that made the last backup. */
let running: Awaited<ReturnType<typeof serve>> | undefined;

/** Two images whose bytes no backup has. */
const publishTwo = async (api: Api): Promise<void> => {
  for (const [i, { name }] of objects.fresh().good.slice(0, 2).entries())
    await publish(api, name, FAMILIES[i]!);
};

/** A backup that must end well; its id. */
const backUp = async (api: Api): Promise<string> => {
  const { BackupId } = await api.must('CreateBackup', { Directory: directory });
  let run = await api.must('DescribeBackup', { BackupId });
  await eventually(async () => {
    run = await api.must('DescribeBackup', { BackupId });
    return run.Status !== 'Running';
  });
  assert.deepEqual([run.Status, run.ErrorMessage, run.LostCount], ['Finished', '', 0]);
  return BackupId;
};

/** Restores it into a folder of its own: whole, with the heads that its manifest tells. */
const assertRestorable = async (backupId: string): Promise<void> => {
  const target = mkdtempSync(join(root, 'restored-'));
  const key = join(dataDir, 'master.key');
  const flags = ['--backup', backupId, '--data', target, '--master-key-file', key, '--json'];
  const restored = await cli(program, 0, 'restore', directory, ...flags);
  assert.equal(restored.code, 0, restored.stderr);
  const manifest = JSON.parse(
    readFileSync(join(directory, 'backups', `${backupId}.json`), 'utf8'),
  ) as { heads: { imageFamily: string; imageId: string }[] };
  const { heads, faults } = readRows(target);
  assert.deepEqual(
    [...heads].toSorted(),
    manifest.heads.map(({ imageFamily, imageId }) => [imageFamily, imageId]).toSorted(),
  );
  assert.deepEqual(faults, []);
  rmSync(target, { recursive: true });
};

const recorded = (): string[] =>
  existsSync(join(directory, 'backups'))
    ? readdirSync(join(directory, 'backups')).map((name) => name.replace('.json', ''))
    : [];

for (const fault of DEATHS)
  test(`killed at ${fault} of a backup: the ones before are whole, the next one ends`, async () => {
    running ??= await serve();
    await publishTwo(running.api);
    await stop(running);
    const earlier = recorded();

    const dying = await serve(fault);
    await dying.api.call('CreateBackup', { Directory: directory });
    assert.equal(await dying.server.died, 'SIGKILL');
    dying.api.close();
    // Those from before, and what was recorded in the very moment of the death.
    const left = recorded();
    assert.deepEqual(
      left.filter((id) => earlier.includes(id)),
      earlier,
    );
    assert.equal(left.length - earlier.length, fault.startsWith('backup.recorded') ? 1 : 0);
    const newest = left.toSorted().at(-1);
    if (newest !== undefined) await assertRestorable(newest);

    running = await serve();
    await backUp(running.api);
    assert.equal((await running.api.must('Fsck')).DifferenceCount, 0);
    assert.deepEqual(readdirSync(join(directory, 'partial')), []);
    assert.deepEqual(
      readdirSync(join(directory, 'databases')).toSorted(),
      recorded()
        .map((id) => `${id}.db`)
        .toSorted(),
    );
  });

test('after all these deaths the first backup is restored, and the last', async () => {
  const ids = recorded().toSorted();
  assert.ok(ids.length > DEATHS.length);
  for (const id of [ids[0]!, ids.at(-1)!]) await assertRestorable(id);
});
