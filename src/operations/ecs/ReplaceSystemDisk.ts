// Gives a stopped instance a new system disk from another image. What the request leaves open of the disk
// stays as it was; the instance shows the new image from then on.
import { boolean, choice, integer, object, optional, string } from '../../lib/schema.ts';
import type { Disk } from '../../domain/disk.ts';
import { disksOf } from '../../domain/disk-lifecycle.ts';
import { replaceSystemDisk } from '../../domain/instance-lifecycle.ts';
import { fitsType } from '../../domain/instance-type.ts';
import type { Instance } from '../../domain/instance.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import { ownRegion } from './shared/find-snapshot.ts';
import { because } from './shared/because.ts';
import { requireInstance } from './shared/instance-by-id.ts';
import { planSystemDisk } from './shared/instance-disks.ts';
import { asksForEncryption, isPassword } from './shared/instance-form.ts';
import { findUsableImage } from './shared/instance-image.ts';
import { findKeyPair } from './shared/instance-network.ts';
import { NEVER_INTERNAL, noMachine } from './shared/no-machine.ts';
import { clientToken, ECS_VERSION, NOT_ENCRYPTED, owners } from './shared/parameters.ts';
import { instanceId } from './shared/record-by-id.ts';

const RETIRED = 'Retired by the vendor: the image says it.';

export const ReplaceSystemDisk = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ReplaceSystemDisk',
  kind: 'write',
  docs: {
    summary:
      'Gives a stopped instance a new system disk from another image; no machine is touched.',
    notes:
      'The old disk is deleted, snapshots of it stay. DescribeInstances shows the new ImageId; the old image is not in use by the instance any more. A deprecated image can be named, a family cannot.',
  },
  input: object({
    InstanceId: instanceId(),
    ImageId: string({ missing: 'MissingParameter', maxLength: 128 }),
    RegionId: ownRegion,
    SystemDisk: optional(
      object({
        Size: optional(
          integer({
            description: 'GiB, at least the image and the old disk. Default: the larger of both.',
            minimum: 1,
            maximum: 2048,
            invalid: 'InvalidSystemDiskSize.ValueNotSupported',
          }),
        ),
      }),
    ),
    Password: optional(
      string({
        description: 'Checked and thrown away: nobody logs in.',
        maxLength: 30,
        invalid: 'InvalidPassword.Malformed',
      }),
    ),
    PasswordInherit: optional(boolean({ description: 'Not together with Password.' })),
    KeyPairName: optional(string({ description: 'Kept and shown.', maxLength: 128 })),
    Encrypted: optional(boolean({ description: 'Only false: bytes are kept as they came.' })),
    KMSKeyId: optional(string({ description: NOT_ENCRYPTED, maxLength: 128 })),
    EncryptAlgorithm: optional(string({ description: NOT_ENCRYPTED, maxLength: 64 })),
    SecurityEnhancementStrategy: optional(
      choice(['Active', 'Deactive'], { withoutEffect: 'No machine runs here.' }),
    ),
    UseAdditionalService: optional(boolean({ withoutEffect: 'No machine runs here.' })),
    DiskId: optional(string({ withoutEffect: RETIRED, maxLength: 128 })),
    Platform: optional(string({ withoutEffect: RETIRED, maxLength: 64 })),
    Architecture: optional(string({ withoutEffect: RETIRED, maxLength: 64 })),
    ClientToken: clientToken(),
    ...owners,
  }),
  output: object({ DiskId: string({ description: 'The new system disk.' }) }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    IdempotentParameterMismatch: 400,
    'InvalidParameter.Conflict': 400,
    'InvalidParameter.EncryptedIllegal': 400,
    'InvalidKeyPairName.NotFound': 400,
    'InvalidPassword.Malformed': 400,
    'InvalidPasswordParam.Mismatch': 400,
    'InvalidSystemDiskSize.ValueNotSupported': 400,
    OperationDenied: 400,
    ImageNotSupportInstanceType: 403,
    IncorrectInstanceStatus: 403,
    'OperationDenied.ImageNotValid': 403,
    'OperationDenied.InstanceCreating': 403,
    'InvalidImageId.NotFound': 404,
    'InvalidInstanceId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
    'InvalidSystemDiskSize.LessThanImageSize': 404,
    'InvalidSystemDiskSize.LessThanMinSize': 404,
  },
  cannotOccur: {
    ...because('These belong to parameters that the vendor has retired.', [
      '400 InvalidArchitecture.Malformed',
      '400 InvalidDatadisk.DiskCategoryViolation',
      '400 InvalidDatadisk.DiskStatusViolation',
      '400 InvalidDiskCategory.ValueNotSupported',
      '400 InvalidDiskId.NotFound',
      '400 InvalidParameter.AllEmpty',
      '400 InvalidPlatform.Malformed',
      '400 MissingParameter.Architecture',
      '400 MissingParameter.Platform',
    ]),
    ...noMachine(
      '400 DependencyViolation.IoOptimize',
      '400 InvalidInstance.NotFoundSystemDisk',
      '403 ChargeTypeViolation',
      '403 DiskCreatingSnapshot',
      '403 INST_HAS_UNPAID_ORDER',
      '403 IncorrectDiskStatus',
      '403 InstanceExpiredOrInArrears',
      '403 InstanceLockedForSecurity',
      '403 InvalidSystemDiskStatus.IsTransfering',
      '403 IoOptimized.NotSupported',
      '403 OperationDenied.UnpaidOrder',
      '403 ResourcesNotInSameZone',
      '404 NoSuchResource',
    ),
    ...because('No marketplace exists here.', [
      '403 ImageNotSubscribed',
      '403 ImageRemovedInMarket',
      '403 QuotaExceed.BuyImage',
    ]),
    ...because('A size out of range is answered with InvalidSystemDiskSize.ValueNotSupported.', [
      '400 InvalidSystemDiskSize',
      '404 InvalidSystemDiskSize.MoreThanMaxSize',
    ]),
    '400 InvalidSystemDiskSize.ImageNotSupportResize': 'A disk here may be larger than its image.',
    '403 InvalidParameter.NotMatch':
      'What does not belong together is answered with InvalidParameter.Conflict.',
    ...NEVER_INTERNAL,
    '500 OperationDenied': 'Nothing fails inside that would be answered so.',
  },
  access: {
    action: 'ecs:ReplaceSystemDisk',
    resource: ({ InstanceId, ImageId }) => [`instance/${InstanceId}`, `image/${ImageId}`],
  },
  example: {
    request: { InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', ImageId: 'm-bp146shijn7hujku9exp' },
    response: { DiskId: 'd-bp131n0q38u3a4zi3kqd' },
  },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async handler(ctx, input) {
    const { ImageId, Password } = input;
    if (asksForEncryption(input)) throw ctx.fail('InvalidParameter.EncryptedIllegal');
    if (Password !== undefined && input.PasswordInherit === true)
      throw ctx.fail('InvalidPasswordParam.Mismatch');
    if (Password !== undefined && !isPassword(Password))
      throw ctx.fail('InvalidPassword.Malformed');
    const instance = await requireInstance(ctx, input);
    if (instance.status === 'Pending') throw ctx.fail('OperationDenied.InstanceCreating');
    if (instance.status !== 'Stopped') throw ctx.fail('IncorrectInstanceStatus');
    const found = await findUsableImage(ctx, instance.regionId, ImageId);
    const { image } = found;
    if (image.disks.some(({ diskType, snapshotId }) => diskType === 'data' && snapshotId !== null))
      throw ctx.fail('OperationDenied', { message: 'The image has data disks with snapshots.' });
    if (!fitsType(image, instance.detail.instanceType))
      throw ctx.fail('ImageNotSupportInstanceType');
    if (input.KeyPairName !== undefined && image.osType === 'windows')
      throw ctx.fail('InvalidParameter.Conflict', {
        message: 'A key pair cannot be used with a Windows image.',
      });
    const keyPairName = await findKeyPair(ctx, instance, input.KeyPairName);
    const old = await systemDiskOf(ctx, instance);
    const Size = input.SystemDisk?.Size ?? Math.max(image.sizeGib, old.detail.sizeGib);
    const planned = await planSystemDisk(ctx, found, { Size });
    if (Size < old.detail.sizeGib) throw ctx.fail('InvalidSystemDiskSize.LessThanMinSize');
    const { digest, sizeBytes, sizeGib, sourceSnapshotId, sourceImageId, traits } = planned.detail;
    const taken = { digest, sizeBytes, sizeGib, sourceSnapshotId, sourceImageId, traits };
    const diskId = ctx.newId('d-', instance.regionId);
    const detail = { ...old.detail, ...taken, attachedMs: ctx.nowMs };
    const kept = keyPairName === '' ? {} : { keyPairName };
    await replaceSystemDisk(ctx.tx, { ...instance, detail: { ...instance.detail, ...kept } }, old, {
      diskId,
      detail,
      imageId: image.imageId,
    });
    return { DiskId: diskId };
  },
});

const systemDiskOf = async (
  ctx: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  instance: Instance,
): Promise<Disk> => {
  const disks = await disksOf(ctx.tx, instance, instance.resourceId, ctx.nowMs);
  const found = disks.find(({ detail }) => detail.diskType === 'system');
  if (found === undefined) throw new Error(`${instance.resourceId} has no system disk`);
  return found;
};
