// What the store remembers equals what the rows say, after every kind of write and while reads and
// writes overlap.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  acceptImage,
  changeFamily,
  changeStatus,
  removeImage,
} from '../../src/domain/image-lifecycle.ts';
import { DEFAULT_QUOTAS } from '../../src/domain/quota.ts';
import type { ImageId } from '../../src/domain/ids.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { readVerbs } from '../../src/store/queries/index.ts';
import { ReadMemory } from '../../src/store/read-memory.ts';
import { sqliteBuilder } from '../../src/store/sqlite/builder.ts';
import { connect } from '../../src/store/sqlite/connection.ts';
import { DATABASE_FILE, openStore, type SqliteStore } from '../../src/store/sqlite/open.ts';
import { actor, draft, scope, temporaryFolder, temporaryStore } from './sample.ts';

const FAMILIES = ['web', 'db'];

/** Asks the rows on a connection of its own, past the store and its memory. */
const asRows = (dataDir: string) => {
  const path = join(dataDir, DATABASE_FILE);
  const verbs = readVerbs(connect(path, sqliteBuilder, { readOnly: true, synchronous: 'FULL' }));
  return (family: string) => verbs.availableInFamily(scope, family, 1);
};
const asRemembered = (store: SqliteStore, family: string) =>
  store.read((tx) => tx.availableInFamily(scope, family, 1));

test('the newest image of a family is remembered only until the next commit', async (t) => {
  const dataDir = temporaryFolder(t);
  const store = openStore({ dataDir });
  t.after(() => store.close());
  const rows = asRows(dataDir);
  const seed = Number(process.env.KINDRED_TEST_SEED ?? 20261124);
  const random = seededRandom(seed);
  const pick = (below: number): number => random.bytes(1)[0]! % below;
  for (let step = 0; step < 300; step++) {
    await store.write(actor, async (tx) => {
      const images = (await tx.images(scope, {}, { limit: 100, offset: 0 })).rows;
      const image = images[pick(Math.max(1, images.length))];
      const choice = pick(6);
      if (!image || choice < 2)
        await acceptImage(tx, draft(step, FAMILIES[pick(2)]!), [], [], 'Available', DEFAULT_QUOTAS);
      else if (choice === 2)
        await changeStatus(tx, image, image.status === 'Available' ? 'Deprecated' : 'Available');
      else if (choice === 3) await changeFamily(tx, image, FAMILIES[pick(2)]!, DEFAULT_QUOTAS);
      else if (choice === 4)
        await tx.setTag(scope, {
          resourceType: 'image',
          resourceId: image.imageId,
          tagKey: 'step',
          tagValue: String(step),
        });
      else await removeImage(tx, image);
    });
    for (const family of FAMILIES) {
      const remembered = await asRemembered(store, family);
      assert.deepEqual(remembered, await rows(family), `seed ${seed}, step ${step}`);
    }
  }
});

test('a key that is switched off or deleted is not remembered', async (t) => {
  const store = temporaryStore(t);
  const { accountId } = scope;
  await store.write(actor, async (tx) => {
    await tx.insertAccount({ accountId, accountName: 'a', isOperator: false, creationMs: 1 });
    await tx.insertAccessKey({
      accessKeyId: 'K',
      accountId,
      sealedSecret: 's',
      status: 'Active',
      creationMs: 1,
    });
  });
  const status = async () => (await store.read((tx) => tx.credentials('K')))?.status;
  assert.equal(await status(), 'Active');
  await store.write(actor, (tx) => tx.setAccessKeyStatus(accountId, 'K', 'Inactive'));
  assert.equal(await status(), 'Inactive');
  await store.write(actor, (tx) => tx.deleteAccessKey(accountId, 'K'));
  assert.equal(await status(), undefined);
});

test('a finding from before a commit is not put back after it', async () => {
  const memory = new ReadMemory();
  let answer: (id: ImageId) => void = () => undefined;
  const slow = memory.recall('k', () => new Promise<ImageId>((resolve) => (answer = resolve)));
  memory.forget();
  answer('m-old' as ImageId);
  assert.equal(await slow, 'm-old');
  assert.equal(await memory.recall('k', async () => 'm-new'), 'm-new');
});
