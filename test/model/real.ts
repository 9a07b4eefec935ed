// The real Kindred under the model: in this process, over a data directory that is closed and opened
// again. Each run has accounts of its own: two accounts and two regions make three
// scopes, and each account has a bucket with three files.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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

const START_MS = Date.UTC(2026, 10, 24, 12);

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

/** In memory where there is such a place: what fsync keeps is the crash tests' affair. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

// oxlint-disable-next-line typescript/no-explicit-any -- parsed answers, as in the harness
type Body = any;

export interface Outcome {
  body?: Body;
  /** Of the refusal. */
  code?: string;
}

export class Real {
  harness!: Harness;
  scopes: RealScope[] = [];
  readonly clock: TestClock = testClock(START_MS);
  #runs = 0;
  readonly #dataDir = mkdtempSync(join(FOLDER, 'kindred-model-'));
  /** Object that was imported into a snapshot. */
  readonly objectOf = new Map<string, (typeof OBJECTS)[number]>();

  static async open(): Promise<Real> {
    const real = new Real();
    await real.#openKindred();
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

  /** New accounts and a clock set back: what earlier runs left is other people's. */
  async renew(): Promise<void> {
    this.clock.setWall(START_MS);
    this.#runs += 1;
    const first = await this.#newAccount(`first-${this.#runs}`);
    const second = await this.#newAccount(`second-${this.#runs}`);
    this.scopes = [
      { ...first, regionId: 'cn-hangzhou' as RegionId },
      { ...first, regionId: 'cn-beijing' as RegionId },
      { ...second, regionId: 'cn-hangzhou' as RegionId },
    ];
  }

  async #newAccount(name: string): Promise<Omit<RealScope, 'regionId'>> {
    const { harness } = this;
    const made = await harness.call('CreateAccount', { AccountName: name });
    const key = { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret };
    await harness.call('CreateBucket', { Bucket: name }, { as: key });
    for (const { object, bytes } of OBJECTS) harness.putObject(name, object, bytes);
    return { accountId: made.AccountId as AccountId, key, bucket: name };
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
  async call(scope: number, action: string, parameters: Parameters): Promise<Outcome> {
    const { regionId, key } = this.scopes[scope]!;
    try {
      const body = await this.harness.call(
        action,
        { RegionId: regionId, ...parameters },
        { as: key },
      );
      return { body };
    } catch (error) {
      if (error instanceof CallError) return { code: error.code };
      throw error;
    }
  }
}
