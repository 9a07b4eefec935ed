// Any seed, applied: what is exported is the seed with everything filled in, applied again it changes
// nothing, elsewhere it gives the same, and families resolve as the family rule says of the file itself.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { kindred, type Harness } from '../../src/testing/harness.ts';

const RUNS = 30;
const REGIONS = ['cn-hangzhou', 'cn-beijing'] as const;
const FAMILIES = ['web', 'db', '数据库'] as const;
const START_MS = Date.parse('2026-01-01T00:00:00Z');

interface Wanted {
  AccountName?: string;
  RegionId: (typeof REGIONS)[number];
  ImageName: string;
  ImageFamily?: string;
  Status: 'Available' | 'Deprecated' | 'UnAvailable' | 'CreateFailed';
  CreationTime: string;
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const text = fc.stringMatching(/^[a-z][a-z0-9]{1,12}$/);

const image = fc.record(
  {
    AccountName: fc.constantFrom('build-team', 'web-team'),
    RegionId: fc.constantFrom(...REGIONS),
    ImageName: fc
      .stringMatching(/^[a-z][a-z0-9._-]{1,30}$/)
      .filter((name) => !/^(aliyun|acs:)/.test(name)),
    ImageFamily: fc.constantFrom(...FAMILIES),
    ImageVersion: text,
    Description: text,
    Status: fc.constantFrom('Available', 'Available', 'Deprecated', 'UnAvailable', 'CreateFailed'),
    CreationTime: fc
      .integer({ min: 0, max: 200_000 })
      .map((s) => `${new Date(START_MS + s * 100_000).toISOString().slice(0, 19)}Z`),
    Architecture: fc.constantFrom('x86_64', 'arm64', 'i386'),
    Platform: fc.constantFrom('Ubuntu', 'Debian', 'Others Linux'),
    Size: fc.constantFrom(5, 20, 40),
    IsCopied: fc.boolean(),
    Tags: fc.uniqueArray(fc.record({ Key: text, Value: text }), {
      selector: ({ Key }) => Key,
      maxLength: 3,
    }),
    DiskDeviceMappings: maybe(
      fc.array(fc.record({ Size: fc.constant(30) }), { maxLength: 2 }).map((data) => [{}, ...data]),
    ).map((disks) => disks ?? []),
  },
  { requiredKeys: ['RegionId', 'ImageName', 'Status', 'CreationTime'] },
);

const seeds = fc.record({
  Ids: fc.constantFrom('random', 'by-name'),
  Accounts: fc.constant([{ AccountName: 'build-team' }, { AccountName: 'web-team' }]),
  Images: fc.uniqueArray(image, {
    maxLength: 12,
    selector: ({ AccountName, RegionId, ImageName }) => `${AccountName} ${RegionId} ${ImageName}`,
  }),
});

const apply = (k: Harness, Seed: string) => k.call('ApplySeed', { Seed });
const exportOf = async (k: Harness): Promise<string> => (await k.call('ExportSeed')).Seed;

/** The rule, said once more: the newest Available one, of equals the one that stands last. */
const newest = (images: readonly Wanted[], RegionId: string, family: string): string | undefined =>
  images
    .filter(
      (one) =>
        one.AccountName === undefined &&
        one.RegionId === RegionId &&
        one.ImageFamily === family &&
        one.Status === 'Available',
    )
    .toSorted((a, b) => Date.parse(a.CreationTime) - Date.parse(b.CreationTime))
    .at(-1)?.ImageName;

test('a seed goes in and comes out as it was', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (drawn) => {
      const after: (() => Promise<void>)[] = [];
      const scope = { after: (fn: () => Promise<void>) => void after.push(fn) } as Pick<
        TestContext,
        'after'
      >;
      const given = JSON.stringify(drawn);
      // As a file has it: no absent members.
      const seed = JSON.parse(given) as typeof drawn;
      try {
        const k = await kindred(scope);
        const { ImageCount } = await apply(k, given);
        assert.equal(ImageCount, seed.Images.length);
        const text = await exportOf(k);
        const found = JSON.parse(text) as { Images: Wanted[] };
        const key = (wanted: Partial<Wanted>): string =>
          `${wanted.AccountName} ${wanted.RegionId} ${wanted.ImageName}`;
        const byKey = new Map(found.Images.map((seen) => [key(seen), seen]));
        for (const { DiskDeviceMappings, Tags, IsCopied, ...wanted } of seed.Images) {
          const seen = byKey.get(key(wanted as Wanted)) as Record<string, unknown> & Wanted;
          assert.ok(seen);
          for (const [name, value] of Object.entries(wanted))
            assert.equal(seen[name as 'Status'], value);
          assert.equal(seen.IsCopied ?? false, IsCopied ?? false);
          assert.equal(
            (seen.DiskDeviceMappings as object[]).length,
            DiskDeviceMappings?.length || 1,
          );
          assert.deepEqual(
            seen.Tags ?? [],
            (Tags ?? []).toSorted((a, b) => (a.Key < b.Key ? -1 : 1)),
          );
        }
        for (const RegionId of REGIONS)
          for (const ImageFamily of FAMILIES) {
            const asked = { RegionId, ImageFamily };
            const { Image } = await k.call('DescribeImageFromFamily', asked);
            assert.equal(Image.ImageName, newest(seed.Images as Wanted[], RegionId, ImageFamily));
          }
        if (seed.Ids === 'by-name') assert.equal((await apply(k, given)).ImageCount, 0);
        assert.equal((await apply(k, text)).LeftCount, seed.Images.length);
        assert.equal(await exportOf(k), text);
        const other = await kindred(scope);
        await apply(other, text);
        assert.equal(await exportOf(other), text);
        assert.equal((await other.call('Fsck')).DifferenceCount, 0);
      } finally {
        for (const fn of after) await fn();
      }
    }),
    { numRuns: RUNS },
  );
});
