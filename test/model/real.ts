// The real Kindred under the model: in this process, over a data directory that is closed and opened
// again. Two accounts and two regions make three scopes; each account has a bucket with three files.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountId, RegionId } from '../../src/domain/ids.ts';
import type { Scope } from '../../src/domain/tx.ts';
import { openKindred } from '../../src/server/compose.ts';
import type { KeyPair } from '../../src/server/first-account.ts';
import { makeLog } from '../../src/server/log.ts';
import { testClock, type TestClock } from '../../src/testing/clock.ts';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { CallError, Harness, type Parameters } from '../../src/testing/harness.ts';
import { QUOTAS } from './model.ts';

export interface RealScope extends Scope {
  key: KeyPair;
  bucket: string;
}

const make = (seed: number): Uint8Array =>
  makeQcow2({ virtualSizeBytes: 2 ** 24, clusterBits: 12, guestData: { seed, sizeBytes: 9_000 } });

/** Good disks; the last one is cut and must be refused. */
export const OBJECTS = [
  { object: 'one.qcow2', bytes: make(1), isGood: true },
  { object: 'two.qcow2', bytes: make(2), isGood: true },
  { object: 'cut.qcow2', bytes: make(3).slice(0, 9_000), isGood: false },
] as const;

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export class Real {
  harness!: Harness;
  scopes: RealScope[] = [];
  readonly clock: TestClock = testClock();
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'kindred-model-'));
  /** Object that was imported into a snapshot. */
  readonly objectOf = new Map<string, (typeof OBJECTS)[number]>();

  static async open(): Promise<Real> {
    const real = new Real();
    const { freshRootKey } = await real.#openKindred();
    await real.#furnish(freshRootKey!);
    return real;
  }

  async #openKindred(rootKey?: KeyPair) {
    const kindred = await openKindred({
      dataDir: this.#dataDir,
      log: makeLog((process.env.KINDRED_TEST_LOG ?? 'silent') as 'silent'),
      clocks: this.clock,
      quotas: QUOTAS,
      test: { rehearse: true, holdJobs: true },
    });
    const { rows } = await kindred.house.store.read((tx) => tx.accounts({ limit: 1, offset: 0 }));
    const key = rootKey ?? kindred.freshRootKey!;
    this.harness = new Harness(kindred, this.clock, this.#dataDir, key, rows[0]!.accountId);
    return kindred;
  }

  async #furnish(rootKey: KeyPair): Promise<void> {
    const { harness } = this;
    const other = await harness.call('CreateAccount', { AccountName: 'other' });
    const otherKey = { accessKeyId: other.AccessKeyId, accessKeySecret: other.AccessKeySecret };
    const { accountId } = harness;
    const hangzhou = 'cn-hangzhou' as RegionId;
    this.scopes = [
      { accountId, regionId: hangzhou, key: rootKey, bucket: 'images' },
      { accountId, regionId: 'cn-beijing' as RegionId, key: rootKey, bucket: 'images' },
      { accountId: other.AccountId as AccountId, regionId: hangzhou, key: otherKey, bucket: 'others' },
    ];
    await harness.call('CreateBucket', { Bucket: 'others' }, { as: otherKey });
    for (const bucket of ['images', 'others'])
      for (const { object, bytes } of OBJECTS) harness.putObject(bucket, object, bytes);
  }

  /** Closes and opens the same data directory. */
  async restart(): Promise<void> {
    const { rootKey } = this.harness;
    await this.harness.kindred.close();
    await this.#openKindred(rootKey);
  }

  async close(): Promise<void> {
    await this.harness.kindred.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  /** The answer, or the code of the refusal. */
  // oxlint-disable-next-line typescript/no-explicit-any -- parsed answers
  async call(scope: number, action: string, parameters: Parameters): Promise<{ body?: any; code?: string }> {
    const { regionId, key } = this.scopes[scope]!;
    try {
      const body = await this.harness.call(action, { RegionId: regionId, ...parameters }, { as: key });
      return { body };
    } catch (error) {
      if (error instanceof CallError) return { code: error.code };
      throw error;
    }
  }
}
