// Parameters that RunInstances and CreateInstance share and act on, in wire names. What the schema cannot
// say of them is checked by instance-form.ts; those without effect stand in instance-without-effect.ts.
import { DISK_CATEGORIES, MAX_DISK_GIB, PERFORMANCE_LEVELS } from '../../../domain/disk.ts';
import { boolean, choice, integer, list, object, optional, string } from '../../../lib/schema.ts';
import { clientToken, dryRun, NOT_ENCRYPTED, owners, regionId, tagList } from './parameters.ts';
import { resourceGroupId } from './resource-group.ts';
import { flag, text, whole } from './instance-without-effect.ts';

/** Refused as soon as one is given. */
export const none = (description: string) =>
  optional(list(object({}), { description, maxItems: 0, tooMany: 'InvalidParameter' }));

const encryption = {
  Encrypted: optional(boolean({ description: 'Only false: bytes are kept as they came.' })),
  KMSKeyId: optional(string({ description: NOT_ENCRYPTED, maxLength: 128 })),
  EncryptAlgorithm: optional(string({ description: NOT_ENCRYPTED, maxLength: 64 })),
};

const storage = {
  StorageClusterId: text(),
  ProvisionedIops: whole(),
  BurstingEnabled: flag(),
  AutoSnapshotPolicyId: text('No snapshot policies exist here.'),
};

export const performanceLevel = optional(
  choice(PERFORMANCE_LEVELS, { description: 'Of cloud_essd; default PL1.' }),
);

const systemDisk = optional(
  object({
    Category: optional(
      choice(DISK_CATEGORIES, { invalid: 'InvalidSystemDiskCategory.ValueNotSupported' }),
    ),
    Size: optional(
      integer({
        description: 'GiB, at least the image. Default: 40, or the image where that is larger.',
        minimum: 1,
        maximum: 2048,
        invalid: 'InvalidSystemDiskSize.ValueNotSupported',
      }),
    ),
    DiskName: optional(string({ invalid: 'InvalidDiskName.Malformed', maxLength: 128 })),
    Description: optional(string({ invalid: 'InvalidDiskDescription.Malformed', maxLength: 256 })),
    PerformanceLevel: performanceLevel,
    ...encryption,
    ...storage,
  }),
);

const dataDisks = optional(
  list(
    object({
      Size: optional(
        integer({
          description: 'GiB, at least the snapshot. Default: the snapshot, else 20.',
          minimum: 1,
          maximum: MAX_DISK_GIB,
          invalid: 'InvalidDataDiskSize.ValueNotSupported',
        }),
      ),
      SnapshotId: optional(string({ description: 'Absent: a blank disk.', maxLength: 128 })),
      Category: optional(
        choice(DISK_CATEGORIES, { invalid: 'InvalidDataDiskCategory.ValueNotSupported' }),
      ),
      Device: optional(
        string({
          description:
            '/dev/xvdb to /dev/xvdz; the device of a data disk of the image says how that one is made.',
          pattern: '^/dev/xvd[b-z]$',
          invalid: 'InvalidDataDevice.Malformed',
        }),
      ),
      DiskName: optional(string({ invalid: 'InvalidDiskName.Malformed', maxLength: 128 })),
      Description: optional(
        string({ invalid: 'InvalidDiskDescription.Malformed', maxLength: 256 }),
      ),
      DeleteWithInstance: optional(boolean({ default: true })),
      PerformanceLevel: performanceLevel,
      ...encryption,
      ...storage,
    }),
    { description: 'Data disks, N from 1 to 16.' },
  ),
);

/** What both take and act on. */
export const instanceParameters = {
  RegionId: regionId(),
  ImageId: optional(string({ description: 'The image; this or ImageFamily.', maxLength: 128 })),
  ImageFamily: optional(
    string({
      description: 'A family: its newest image at the moment of the call.',
      maxLength: 160,
      invalid: 'InvalidImageFamily.Malformed',
    }),
  ),
  InstanceType: string({
    description: 'Name of a type, for example ecs.g7.large; any name of this form.',
    missing: 'MissingParameter',
    pattern: '^ecs(\\.[a-z0-9-]{1,32}){1,3}$',
    maxLength: 64,
    invalid: 'InvalidInstanceType.ValueNotSupported',
  }),
  ZoneId: optional(
    string({
      description: 'Default: the zone of the vSwitch, else the first of the region.',
      maxLength: 64,
    }),
  ),
  VSwitchId: optional(string({ description: 'Absent: the classic network.', maxLength: 128 })),
  SecurityGroupId: optional(string({ maxLength: 128 })),
  PrivateIpAddress: optional(string({ description: 'Within the vSwitch.', maxLength: 64 })),
  KeyPairName: optional(string({ maxLength: 128 })),
  InstanceName: optional(
    string({
      description: '2 to 128 characters; default: the id of the instance.',
      maxLength: 128,
      invalid: 'InvalidInstanceName.Malformed',
    }),
  ),
  HostName: optional(
    string({
      description: '2 to 64 letters, digits, dots and hyphens.',
      maxLength: 64,
      invalid: 'InvalidHostName.Malformed',
    }),
  ),
  Description: optional(string({ maxLength: 256, invalid: 'InvalidDescription.Malformed' })),
  SystemDisk: systemDisk,
  DataDisk: dataDisks,
  InternetChargeType: optional(
    choice(['PayByTraffic', 'PayByBandwidth'], {
      invalid: 'InvalidInternetChargeType.ValueNotSupported',
    }),
  ),
  InstanceChargeType: optional(
    choice(['PostPaid', 'PrePaid'], { invalid: 'InvalidInstanceChargeType.NotFound' }),
  ),
  DeletionProtection: optional(boolean({ default: false })),
  CreditSpecification: optional(choice(['Standard', 'Unlimited'])),
  HttpEndpoint: optional(
    choice(['enabled', 'disabled'], { invalid: 'InvalidHttpEndpoint.NotSupported' }),
  ),
  HttpTokens: optional(
    choice(['optional', 'required'], { invalid: 'InvalidHttpTokens.NotSupported' }),
  ),
  Password: optional(
    string({
      description: 'Checked and thrown away: nobody logs in.',
      maxLength: 30,
      invalid: 'InvalidPassword.Malformed',
    }),
  ),
  PasswordInherit: optional(boolean({ description: 'Not together with Password.' })),
  UserData: optional(
    string({
      description:
        'Base64, at most 32 KiB before it. DescribeUserData gives it back; nothing boots.',
      maxLength: 65_536,
      invalid: 'InvalidUserData.SizeExceeded',
    }),
  ),
  RamRoleName: optional(
    string({
      description: 'Refused with `InvalidRamRole.NotFound`: no roles exist here.',
      maxLength: 128,
    }),
  ),
  ResourceGroupId: resourceGroupId,
  Tag: tagList('QuotaExceed.Tags'),
  ClientToken: clientToken('InvalidClientToken.ValueNotSupported'),
  DryRun: dryRun,
  ...owners,
};
