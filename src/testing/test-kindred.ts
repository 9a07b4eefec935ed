// What `kindred/testing` gives, as types: they come with the package, and lead to nothing of the inside.
import type { Client } from '../client/client.ts';
import type { Call } from '../server/test-controls/call.ts';
import type { FaultSpec, WaitingFault } from '../server/test-controls/fault.ts';
import type { SignatureMode } from '../server/test-controls/signature-mode.ts';

export type { Call, Client, FaultSpec, SignatureMode, WaitingFault };

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface AccessKey {
  accessKeyId: string;
  accessKeySecret: string;
}

/** What a world of its own can be given. */
export interface WorldSettings {
  /** Its root key; drawn without one. */
  accessKey?: AccessKey;
  /** Ids and keys are drawn from this number and repeat from one run to the next. */
  randomSeed?: number;
  /** Jobs (imports, copies, exports) run only during `idle()` and `advance()`. */
  holdJobs?: boolean;
}

export interface StartOptions extends WorldSettings {
  /** Default: a free one. */
  port?: number;
  /** Regions besides the vendor's. */
  regions?: readonly string[];
  /** `{ imagesPerFamily: 2 }` */
  quotas?: Readonly<Record<string, number>>;
  /** Folder with `<bucket>/<object>`; default one of its own. */
  buckets?: string;
  /** Default `silent`. */
  logLevel?: LogLevel;
}

export interface Clock {
  /** Wall clock of the world. */
  now(): Date;
  set(time: Date | number): void;
  freeze(): void;
  /** Runs again, from where it stands. */
  run(): void;
  /**
   * What timestamps of signatures are held against: `either` the real clock or the world's (default), or
   * the world's `wall` clock alone.
   */
  signatures(mode: SignatureMode): void;
}

export interface Faults {
  /** `{ Operation: 'CopyImage', Kind: 'fail-task', Progress: 37, Times: 2 }` @throws when it is misspelt */
  add(fault: FaultSpec): WaitingFault;
  list(): readonly WaitingFault[];
  clear(): void;
}

/** One Kindred with everything that a test may do to it. */
export interface TestWorld extends AsyncDisposable {
  /** `http://127.0.0.1:41234` */
  readonly endpoint: string;
  /** `127.0.0.1:41234`, as the SDKs want it. */
  readonly host: string;
  /** The root key. */
  readonly accessKey: AccessKey;
  readonly accountId: string;
  readonly clock: Clock;
  readonly faults: Faults;
  /** A typed client of every operation, without the port; it signs by the world's clock. */
  client(key?: AccessKey): Client;
  /** One request, without the port. Rejects where a fault drops the connection. */
  handle(request: Request): Promise<Response>;
  /** Moves the wall clock on; resolves when everything due has been done. */
  advance(ms: number): Promise<void>;
  /** Resolves when no work is left. */
  idle(): Promise<void>;
  /** As new; endpoint and root key stay. */
  reset(): Promise<void>;
  /** Makes accounts and images as a seed says (docs/guide/seeds.md). @throws KindredError that names the place */
  seed(seed: object): Promise<void>;
  /** The state as a seed: equal states are equal texts. */
  exportSeed(): Promise<Record<string, unknown>>;
  snapshot(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  /** The calls so far, each with the parameters that were read and ignored. */
  calls(): readonly Call[];
  close(): Promise<void>;
}

export interface TestKindred extends TestWorld {
  /** Another world behind the same port, found by its key. */
  world(settings?: WorldSettings): Promise<TestWorld>;
}

/** Ready when it resolves. Close it, or declare it with `await using`. */
export type StartKindred = (options?: StartOptions) => Promise<TestKindred>;
