import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ImageDraft } from '../../src/domain/image.ts';
import type { Actor, Scope } from '../../src/domain/tx.ts';
import { openStore, type OpenOptions, type SqliteStore } from '../../src/store/sqlite/open.ts';

export const actor: Actor = { principal: 'test', requestId: 'R', nowMs: 1_000 };

export const scope = { accountId: '1000000000000001', regionId: 'cn-hangzhou' } as Scope;

/** An image as an operation would accept it; `n` makes id and name. */
export const draft = (n: number, imageFamily: string | null = null): ImageDraft =>
  ({
    ...scope,
    imageId: `m-bp1${String(n).padStart(17, '0')}`,
    imageName: `image-${n}`,
    imageFamily,
    imageVersion: '',
    description: '',
    architecture: 'x86_64',
    osType: 'linux',
    platform: 'Ubuntu',
    bootMode: 'BIOS',
    licenseType: 'Aliyun',
    nvmeSupport: 'unsupported',
    imdsSupport: 'v1',
    secureBootSupport: '',
    detectionStrategy: '',
    resourceGroupId: '',
    isCopied: false,
    isSupportCloudinit: true,
    sizeGib: 40,
    origin: 'CreateImage',
  }) as ImageDraft;

export const temporaryFolder = (t: Pick<TestContext, 'after'>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const temporaryStore = (
  t: Pick<TestContext, 'after'>,
  options: Partial<OpenOptions> = {},
): SqliteStore => {
  const store = openStore({ dataDir: temporaryFolder(t), ...options });
  t.after(() => store.close());
  return store;
};
