// Makes the accounts and images of a seed. It chooses ids and goes back in time, so that it works only where
// nothing can be harmed by that. One call is one write: all of its piece of the seed, or nothing.
import type { Account } from '../../domain/account.ts';
import type { AccountId, ImageId, SnapshotId } from '../../domain/ids.ts';
import type { StoredDisk } from '../../domain/stored-disk.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { integer, object, optional, string } from '../../lib/schema.ts';
import { defineOperation, type CallContext, type WriteContext } from '../../operation.ts';
import { parseInstant } from '../ecs/shared/parse-instant.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { accountsByName, applyAccounts, type WantedAccount } from './shared/seed-accounts.ts';
import { SeedFault } from './shared/seed-fault.ts';
import { accountIdOf, imageIdOf, snapshotIdOf } from './shared/seed-ids.ts';
import { applyImage, type SettledImage } from './shared/seed-image.ts';
import { readSeed, type ReadSeed, type WantedImage } from './shared/seed-read.ts';
import { MAX_SEED_TEXT } from './shared/seed-schema.ts';

const errors = {
  MissingParameter: 400,
  InvalidSeed: 400,
  InvalidParameter: 400,
  NoPermission: 403,
  'OperationDenied.NotForTests': 403,
  'Conflict.Seed': 409,
};
type Fault = keyof typeof errors;

interface Facts {
  seed: ReadSeed;
  accounts: WantedAccount[];
  /** Of each image, of each of its disks. */
  stored: (StoredDisk | undefined)[][];
}

export const ApplySeed = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'ApplySeed',
  kind: 'write',
  docs: {
    summary: 'Makes the accounts and images that a seed tells of, for tests.',
    notes:
      'Only on a data directory that was made for tests (`--ephemeral`, or new with `--test-controls`). Every image gets a small real disk of its Size, hashed and inspected like any, unless the seed names a snapshot that is there. What is there and equal is left, so that a call can be repeated; what is there and differs is `Conflict.Seed`, and nothing of the call is done. Images are made in the order of their CreationTime. `kindred seed apply FILE` sends a file of any size in several calls. See docs/guide/seeds.md.',
  },
  input: object({
    Seed: string({
      description: 'JSON text, at most 500,000 characters; seed.schema.json describes it.',
      missing: 'MissingParameter',
      invalid: 'InvalidSeed',
      maxLength: MAX_SEED_TEXT,
    }),
    Time: optional(
      string({
        description:
          'What relative CreationTimes count from, as a call before has answered it, so that several calls mean the same. Default now.',
        invalid: 'InvalidParameter',
        maxLength: 32,
      }),
    ),
  }),
  output: object({
    Time: string({ description: 'What relative CreationTimes counted from.' }),
    AccountCount: integer({ description: 'Accounts made by this call.' }),
    ImageCount: integer({ description: 'Images made by this call.' }),
    LeftCount: integer({ description: 'Images that were there.' }),
  }),
  errors,
  cannotOccur: {},
  access: {
    action: 'kindred:ApplySeed',
    rootOnly: true,
    operatorOnly: true,
    resource: () => '*',
  },
  example: {
    request: { Seed: '{"Images":[{"ImageName":"web-1","ImageFamily":"web"}]}' },
    response: { Time: '2026-11-24T08:00:00Z', AccountCount: 0, ImageCount: 1, LeftCount: 0 },
  },
  async prepare(ctx, input): Promise<Facts> {
    const { installation } = ctx;
    if (!installation.isForTests) throw ctx.fail('OperationDenied.NotForTests');
    const seed = orFail(ctx, () => readSeed(input.Seed, ctx.settings.regions, timeOf(ctx, input)));
    const stored: Facts['stored'] = [];
    for (const { draft, disks, status } of seed.images) {
      const ofImage: (StoredDisk | undefined)[] = [];
      for (const { sizeGib, snapshotId } of disks)
        ofImage.push(
          snapshotId === '' || status === 'CreateFailed'
            ? undefined
            : await installation.storeBlankDisk(draft.regionId, sizeGib),
        );
      stored.push(ofImage);
    }
    return {
      seed,
      accounts: seed.accounts.map((account) => wantedAccount(ctx, seed, account)),
      stored,
    };
  },
  async handler(ctx, input, { seed, accounts, stored }) {
    const { tx, settings, installation } = ctx;
    try {
      const byName = await accountsByName(tx);
      const AccountCount = await applyAccounts(
        tx,
        accounts,
        byName,
        (sealed, secret) => installation.unseal(sealed) === secret,
      );
      let ImageCount = 0;
      for (const [i, image] of seed.images.entries()) {
        const settled = settle(ctx, seed, { image, stored: stored[i]!, byName });
        if (await applyImage(tx, settled, settings.quotas)) ImageCount += 1;
      }
      return {
        Time: formatSeconds(timeOf(ctx, input)),
        AccountCount,
        ImageCount,
        LeftCount: seed.images.length - ImageCount,
      };
    } catch (error) {
      throw refusalOf(ctx, error);
    }
  },
});

type Failing = Pick<CallContext<Fault>, 'fail'>;

const refusalOf = (ctx: Failing, error: unknown): unknown =>
  error instanceof SeedFault
    ? ctx.fail(error.kind === 'conflict' ? 'Conflict.Seed' : 'InvalidSeed', {
        message: error.message,
      })
    : error;

const orFail = <T>(ctx: Failing, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw refusalOf(ctx, error);
  }
};

const timeOf = (ctx: Failing & { nowMs: number }, { Time }: { Time?: string }): number => {
  // Whole seconds, as it is answered.
  if (Time === undefined) return Math.floor(ctx.nowMs / 1_000) * 1_000;
  const ms = parseInstant(Time);
  if (ms === undefined || ms > ctx.nowMs) throw ctx.fail('InvalidParameter', { parameter: 'Time' });
  return ms;
};

const wantedAccount = (
  { installation }: Pick<CallContext<never>, 'installation'>,
  { ids }: ReadSeed,
  account: ReadSeed['accounts'][number],
): WantedAccount => ({
  account,
  accountId:
    (account.AccountId as AccountId | undefined) ??
    (ids === 'by-name' ? accountIdOf(account.AccountName) : installation.newAccountId()),
  keys: (account.AccessKeys ?? []).map(({ AccessKeyId, AccessKeySecret }) => ({
    accessKeyId: AccessKeyId,
    sealedSecret: installation.seal(AccessKeySecret),
  })),
});

/** Whose it is, with whom it is shared, and which ids it and its snapshots have. */
const settle = (
  ctx: WriteContext<Fault>,
  { ids }: ReadSeed,
  given: { image: WantedImage; stored: (StoredDisk | undefined)[]; byName: Map<string, Account> },
): SettledImage => {
  const { image, stored, byName } = given;
  const { path, accountName, draft } = image;
  const accountOf = (name: string, where: string): AccountId => {
    const found = byName.get(name);
    if (found === undefined)
      throw new SeedFault(`${path}.${where}`, `there is no account ${name}, here or in the seed.`);
    return found.accountId;
  };
  // The operator signs this call.
  const accountId =
    accountName === '' ? ctx.caller.accountId : accountOf(accountName, 'AccountName');
  const scope = { accountId, regionId: draft.regionId };
  const { code } = ctx.settings.regions.get(draft.regionId)!;
  const named = [accountName, draft.regionId, draft.imageName] as const;
  const isByName = ids === 'by-name';
  const imageId = (image.imageId ??
    (isByName ? imageIdOf(named, code) : ctx.newId('m-', draft.regionId))) as ImageId;
  const snapshotIds = image.disks.map(({ snapshotId, position }, i) => {
    if (stored[i] === undefined) return null;
    if (snapshotId !== null) return snapshotId as SnapshotId;
    return isByName ? snapshotIdOf(named, position, code) : ctx.newId('s-', draft.regionId);
  });
  return {
    ...image,
    scope,
    imageId,
    isIdWanted: image.imageId !== undefined || isByName,
    snapshotIds,
    stored,
    sharedWith: image.sharedWith.map((name) => accountOf(name, 'Accounts')),
  };
};
