// A whole Kindred in the test's own process, without a port: real rows, real bytes, real signatures.
// Every write runs twice (the first time rolled back), the wall clock stands still until it is moved.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AccountId, RegionId } from '../domain/ids.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { FamilyLookup } from '../domain/family.ts';
import type { ExportFormat } from '../domain/image-export.ts';
import type { Quotas } from '../domain/quota.ts';
import { createIngestPool } from '../jobs/ingest-pool.ts';
import type { ResourceDraft, ResourceType } from '../domain/resource.ts';
import { acceptResource } from '../domain/resource-lifecycle.ts';
import { operations } from '../operations/index.ts';
import { openKindred, type Kindred } from '../server/compose.ts';
import type { ListedIssuer } from '../server/oidc/issuer-file.ts';
import type { KeyPair } from '../server/first-account.ts';
import { makeLog } from '../server/log.ts';
import type { ThrottleRates } from '../server/throttle.ts';
import { testClock, type TestClock } from './clock.ts';
import { makeQcow2 } from './disk-images.ts';
import { signedRequest } from './sign.ts';
import { RecordCheck } from './record-check.ts';
import { stateHash } from './state-hash.ts';

export const REGION = 'cn-hangzhou';

export type Parameters = Readonly<Record<string, string>>;

export interface CallOptions {
  /** Key pair of the caller; default the operator's root key. */
  as?: KeyPair & { securityToken?: string };
  format?: 'JSON' | 'XML';
}

export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;
  readonly code: string;
  readonly body: string;
  constructor(action: string, status: number, code: string, message: string, body: string) {
    super(`${action}: ${status} ${code}: ${message}`);
    this.status = status;
    this.code = code;
    this.body = body;
  }
}

export interface HarnessOptions {
  quotas?: Partial<Quotas>;
  familyLookup?: FamilyLookup;
  exportFormat?: ExportFormat;
  regions?: string[];
  /** Regions with a blob store of their own → its folder. */
  regionBlobs?: Readonly<Record<string, string>>;
  /** The public images; none by default, so that tests count what they made. */
  catalogue?: Catalogue;
  pipelineHoldMs?: number;
  /** Default `buckets` below the data directory. */
  buckets?: string;
  multipartExpiryDays?: number;
  /** Calls a second of one account; no limit by default. */
  throttle?: Partial<ThrottleRates>;
  oidcIssuers?: readonly ListedIssuer[];
  /** Default true, which makes a data directory for tests. */
  isEphemeral?: boolean;
}

/**
 * What a test works with. An operation is called by its name in the registry, which is its Action, or
 * `VpcCreateVpc` when several products have it; another word is sent as an Action of ECS. `any`
 * stands for parsed answers, whose shape the schemas check elsewhere.
 */
export class Harness {
  readonly kindred: Kindred;
  readonly clock: TestClock;
  readonly dataDir: string;
  readonly rootKey: KeyPair;
  readonly accountId: AccountId;
  readonly #records: RecordCheck;
  #count = 0;
  #template: { snapshotId: string } | undefined;

  constructor(
    kindred: Kindred,
    clock: TestClock,
    dataDir: string,
    rootKey: KeyPair,
    accountId: AccountId,
  ) {
    this.kindred = kindred;
    this.#records = new RecordCheck(kindred.house.store);
    this.clock = clock;
    this.dataDir = dataDir;
    this.rootKey = rootKey;
    this.accountId = accountId;
  }

  get store() {
    return this.kindred.house.store;
  }

  /** Account and region of most tests. */
  get scope() {
    return { accountId: this.accountId, regionId: REGION as RegionId };
  }

  stateHash(): string {
    return stateHash(this.dataDir);
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- see the class
  async call(name: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<any> {
    const entry = operations.find((operation) => operation.name === name);
    const action = entry?.action ?? name;
    const key: NonNullable<CallOptions['as']> = options.as ?? this.rootKey;
    const response = await this.kindred.handle(
      signedRequest(withToken(parameters, key.securityToken), {
        ...key,
        action,
        version: entry?.version ?? '2014-05-26',
        nowMs: this.clock.wallMs(),
        format: options.format ?? 'JSON',
      }),
    );
    const text = Buffer.from(response.body).toString('utf8');
    if (options.format === 'XML') return text;
    const body = JSON.parse(text) as Record<string, string>;
    if (response.status !== 200)
      throw new CallError(action, response.status, body.Code ?? '', body.Message ?? '', text);
    if (entry !== undefined) await this.#records.check(await entry.load(), body.RequestId ?? '');
    return body;
  }

  /** The error that the call is expected to end with. */
  async refused(
    action: string,
    parameters: Parameters = {},
    options: CallOptions = {},
  ): Promise<CallError> {
    try {
      await this.call(action, parameters, options);
    } catch (error) {
      if (error instanceof CallError) return error;
      throw error;
    }
    throw new Error(`${action} was expected to be refused`);
  }

  /** A small valid qcow2; each call makes another one. */
  diskImage(sizeBytes = 64 * 1024): Uint8Array {
    this.#count += 1;
    return makeQcow2({
      virtualSizeBytes: 1024 * 1024 * 1024,
      guestData: { seed: this.#count, sizeBytes },
    });
  }

  putObject(bucket: string, object: string, bytes: Uint8Array): void {
    const path = join(this.dataDir, 'buckets', bucket, object);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }

  /** Accepts an import and leaves its job untouched. */
  async startImport(parameters: Parameters = {}, bytes = this.diskImage()) {
    this.#count += 1;
    const object = `disk-${this.#count}.qcow2`;
    this.putObject('images', object, bytes);
    const accepted = await this.call('ImportImage', {
      RegionId: REGION,
      'DiskDeviceMapping.1.OSSBucket': 'images',
      'DiskDeviceMapping.1.OSSObject': object,
      ...parameters,
    });
    return { imageId: accepted.ImageId as string, taskId: accepted.TaskId as string };
  }

  async importImage(parameters: Parameters = {}, { bytes }: { bytes?: Uint8Array } = {}) {
    const { imageId, taskId } = await this.startImport(parameters, bytes ?? this.diskImage());
    await this.finishJobs();
    const scope = { ...this.scope, regionId: (parameters.RegionId ?? REGION) as RegionId };
    const image = await this.store.read((tx) => tx.image(scope, imageId));
    return { imageId, taskId, snapshotId: image?.disks[0]?.snapshotId ?? '' };
  }

  /** An Available image made by CreateImage from a snapshot that was imported once. */
  async image(parameters: Parameters = {}): Promise<{ imageId: string; snapshotId: string }> {
    this.#template ??= await this.importImage();
    const { snapshotId } = this.#template;
    const created = await this.call('CreateImage', {
      RegionId: REGION,
      SnapshotId: snapshotId,
      ...parameters,
    });
    await this.finishJobs();
    return { imageId: created.ImageId as string, snapshotId };
  }

  /** A record as if an operation had made it: for what only asks whether it is there. */
  async record(resourceType: ResourceType, given: Partial<ResourceDraft> = {}): Promise<string> {
    this.#count += 1;
    const resourceId = given.resourceId ?? `${resourceType}-bp1test${this.#count}`;
    const actor = { principal: 'test', requestId: 'test', nowMs: this.clock.wallMs() };
    await this.store.write(actor, (tx) =>
      acceptResource(tx, {
        ...this.scope,
        resourceType,
        resourceName: resourceId,
        status: 'Available',
        parentId: '',
        imageId: '',
        resourceGroupId: '',
        detail: {},
        ...given,
        resourceId,
      }),
    );
    return resourceId;
  }

  /** A record of a running instance that was made from the image. */
  instanceOf(imageId: string): Promise<string> {
    return this.record('instance', { imageId, status: 'Running' });
  }

  finishJobs(): Promise<void> {
    return this.kindred.jobs.finishAll();
  }

  /** A new account with its first key pair. */
  async newAccount(): Promise<KeyPair & { accountId: string }> {
    this.#count += 1;
    const made = await this.call('CreateAccount', { AccountName: `account-${this.#count}` });
    return {
      accountId: made.AccountId,
      accessKeyId: made.AccessKeyId,
      accessKeySecret: made.AccessKeySecret,
    };
  }
}

const withToken = (parameters: Parameters, token: string | undefined): Parameters =>
  token === undefined ? parameters : { ...parameters, SecurityToken: token };

/** The threads of all the Kindreds of a test process: to start one takes ten times as long as to open a store. */
const pool = createIngestPool();

/** Opens a Kindred on a temporary directory; it is closed and removed when the test ends. */
export const kindred = async (
  t: Pick<TestContext, 'after'>,
  options: HarnessOptions = {},
): Promise<Harness> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-test-'));
  const clock = testClock();
  const opened = await openKindred({
    dataDir,
    log: makeLog((process.env.KINDRED_TEST_LOG ?? 'silent') as 'silent'),
    isEphemeral: true,
    clocks: clock,
    test: { rehearse: true, holdJobs: true, pool: () => pool },
    ...options,
  });
  t.after(async () => {
    await opened.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const operator = await opened.house.store.read((tx) => tx.accounts({ limit: 1, offset: 0 }));
  return new Harness(opened, clock, dataDir, opened.freshRootKey!, operator.rows[0]!.accountId);
};
