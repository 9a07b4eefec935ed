// The seed file: accounts and images as a test wants to find them. One description, from which come the
// check of what is given, the types, and docs/reference/seed.schema.json, by which editors complete it.
// Names are those of the API's answers; every list has a maximum.
import { boolean, choice, integer, list, object, optional, string } from '../../../lib/schema.ts';
import type { Static } from '../../../lib/schema.ts';
import { MAX_DISKS } from '../../ecs/shared/disk-devices.ts';
import { ARCHITECTURES, BOOT_MODES } from '../../ecs/shared/image-parameters.ts';
import { IMPORT_PLATFORMS } from '../../ecs/shared/platform.ts';

export const SEED_VERSION = 1;
/** Of one file; a client sends it in pieces. */
export const MAX_SEED_ACCOUNTS = 1_000;
export const MAX_SEED_IMAGES = 10_000;
/** Characters of one piece; its form stays below what a body may have. */
export const MAX_SEED_TEXT = 500_000;

/** What an image can be when nothing is at work on it: Creating and Waiting would never end. */
export const SEED_STATUSES = ['Available', 'Deprecated', 'UnAvailable', 'CreateFailed'] as const;

const regionId = (description: string) => optional(string({ description, maxLength: 64 }));
const accountName = (description: string) => string({ description, maxLength: 64 });

const accessKey = object({
  AccessKeyId: string({
    description: '16 to 32 letters and digits.',
    pattern: '^[A-Za-z0-9]{16,32}$',
    maxLength: 32,
  }),
  AccessKeySecret: string({
    description: '16 to 64 letters and digits: a throw-away secret, known to whoever has the file.',
    pattern: '^[A-Za-z0-9]{16,64}$',
    maxLength: 64,
  }),
});

export const seedAccountSchema = object({
  AccountName: string({
    description:
      '2 to 64 characters: a letter, then letters, digits, spaces and `.` `_` `-` `@`; no space at the end.',
    maxLength: 64,
    pattern: '^\\p{L}[\\p{L}\\p{Nd} ._@-]{0,62}[\\p{L}\\p{Nd}._@-]$',
  }),
  AccountId: optional(
    string({ description: '16 digits; drawn when absent.', pattern: '^[1-9]\\d{15}$' }),
  ),
  AccessKeys: optional(
    list(accessKey, {
      description: 'Keys of the root of the account. They are never exported.',
      maxItems: 2,
    }),
  ),
});

const diskSchema = object({
  SnapshotId: optional(
    string({
      description:
        'Id of the snapshot that holds the bytes; drawn when absent. Empty: a data disk without bytes.',
      pattern: '^(s-[0-9a-z]{4,60})?$',
      maxLength: 62,
    }),
  ),
  Type: optional(choice(['system', 'data'], { description: 'The first is the system disk.' })),
  Device: optional(string({ pattern: '^/dev/xvd[a-z]$', maxLength: 32 })),
  Size: optional(integer({ description: 'GiB.', minimum: 1, maximum: 32_768 })),
  Format: optional(string({ description: 'As answers show it (QCOW2).', maxLength: 16 })),
});

export const seedImageSchema = object({
  AccountName: optional(accountName("Whose it is; absent: the operator's.")),
  RegionId: regionId('Default: the RegionId of the file, else cn-hangzhou.'),
  ImageId: optional(
    string({
      description: '`m-` and 4 to 60 small letters and digits; drawn when absent.',
      pattern: '^m-[0-9a-z]{4,60}$',
      maxLength: 62,
    }),
  ),
  ImageName: string({
    description: '2 to 128 characters, unique in the account and region.',
    maxLength: 128,
  }),
  ImageFamily: optional(string({ maxLength: 128 })),
  ImageVersion: optional(string({ maxLength: 40 })),
  Description: optional(string({ maxLength: 256 })),
  Status: optional(choice(SEED_STATUSES, { description: 'Default Available.' })),
  CreationTime: optional(
    string({
      description:
        'UTC (2026-11-24T08:00:00Z, 2026-11-24) or before now (-30d; s, m, h, d, w). Default now. Images are applied in this order, equal ones as they stand.',
      pattern: '^(\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d)?Z)?|-\\d{1,9}[smhdw])$',
      maxLength: 20,
    }),
  ),
  Architecture: optional(choice(ARCHITECTURES, { description: 'Default x86_64.' })),
  OSType: optional(choice(['linux', 'windows'], { description: 'Default: as the platform.' })),
  Platform: optional(choice(IMPORT_PLATFORMS, { description: 'Default Others Linux.' })),
  BootMode: optional(choice(BOOT_MODES, { description: 'Default BIOS; arm64 UEFI.' })),
  LicenseType: optional(choice(['Auto', 'Aliyun', 'BYOL'], { description: 'Default Aliyun.' })),
  Features: optional(
    object({
      NvmeSupport: optional(choice(['supported', 'unsupported'])),
      ImdsSupport: optional(choice(['v1', 'v2'])),
    }),
  ),
  IsSupportCloudinit: optional(boolean({ description: 'Default: as the platform.' })),
  IsCopied: optional(boolean()),
  IsPublic: optional(boolean({ description: 'Published to all accounts.' })),
  Size: optional(
    integer({ description: 'Of the system disk in GiB, default 20.', minimum: 1, maximum: 32_768 }),
  ),
  DiskDeviceMappings: optional(
    list(diskSchema, {
      description: 'Default: one system disk. Each gets a small real disk of its Size.',
      maxItems: MAX_DISKS,
    }),
  ),
  Tags: optional(
    list(object({ Key: string({ maxLength: 128 }), Value: optional(string({ maxLength: 128 })) }), {
      maxItems: 20,
    }),
  ),
  Accounts: optional(
    list(accountName('Name of an account of the file, or of one that is there.'), {
      description: 'Accounts that it is shared with.',
      maxItems: 50,
    }),
  ),
});

export const seedSchema = object({
  $schema: optional(
    string({ description: 'For editors; nothing reads it here.', maxLength: 2048 }),
  ),
  kindredSeed: optional(
    integer({ description: 'Version of the form: 1.', minimum: 1, maximum: SEED_VERSION }),
  ),
  Ids: optional(
    choice(['random', 'by-name'], {
      description:
        'What ids that are not given become: `random` (default), or `by-name`, made of account, region and name, the same whenever the file is applied.',
    }),
  ),
  RegionId: regionId('Region of images that name none; default cn-hangzhou.'),
  Accounts: optional(
    list(seedAccountSchema, {
      description: "Accounts beside the operator's.",
      maxItems: MAX_SEED_ACCOUNTS,
    }),
  ),
  Images: optional(list(seedImageSchema, { maxItems: MAX_SEED_IMAGES })),
});

export type SeedFile = Static<typeof seedSchema>;
export type SeedAccount = Static<typeof seedAccountSchema>;
export type SeedImage = Static<typeof seedImageSchema>;
export type SeedDisk = Static<typeof diskSchema>;
