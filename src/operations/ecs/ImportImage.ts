// Makes an image out of disk image files in buckets. The request writes the rows of image, snapshots,
// task and job together; the job then reads the files. Nothing here reads a byte of a file.
import type { RegionId } from '../../domain/ids.ts';
import { acceptImage } from '../../domain/image-lifecycle.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { because } from './shared/because.ts';
import { bootModeFits } from './shared/boot-mode.ts';
import { checkImportDisks, importDisks } from './shared/import-disk.ts';
import {
  importImageDraft,
  importImageInput,
  readImportImage,
} from './shared/import-image-request.ts';
import {
  gatherImportFacts,
  importObjects,
  importState,
  type ImportFacts,
} from './shared/import-objects.ts';
import { ECS_VERSION } from './shared/parameters.ts';
import { requireResourceGroup } from './shared/resource-group.ts';

const errors = {
  MissingRegionId: 400,
  MissingParameter: 400,
  DryRunOperation: 400,
  IdempotentParameterMismatch: 400,
  'InvalidClientToken.Malformed': 400,
  'InvalidRegionId.NotFound': 400,
  'InvalidImageName.Malformed': 400,
  'InvalidImageName.Duplicated': 400,
  'InvalidDescription.Malformed': 400,
  'InvalidArchitecture.Malformed': 400,
  'InvalidOSType.Malformed': 400,
  'InvalidPlatform.Malformed': 400,
  'InvalidBootMode.Malformed': 400,
  'InvalidBootMode.NotSupport': 400,
  'InvalidLicenseType.NotSupported': 400,
  'InvalidParameter.DetectionStrategy': 400,
  'InvalidParameter.FeaturesImdsSupport': 400,
  'InvalidOSSBucket.Malformed': 400,
  'InvalidOSSBucket.NotFound': 400,
  'InvalidOSSBucket.NotMatched': 400,
  'InvalidOSSObject.Malformed': 400,
  'InvalidOSSObject.NotFound': 400,
  'InvalidOSSObject.Size': 400,
  'UnsupportedSuffix.OSSObject': 400,
  'InvalidImageFormat.Malformed': 400,
  InvalidImageSize: 400,
  InvalidDataDiskSize: 400,
  'InvalidOSS.NotAuthorized': 403,
  'MissingParameter.DiskDeviceMapping': 403,
  'InvalidParameter.Malformed': 403,
  'InvalidArchitecture.PlatformUnsupported': 403,
  'InvalidOperation.CloudBoxImageImportUnsupported': 403,
  'TagKey.Duplication': 403,
  'QuotaExceed.Image': 403,
  ImportImageFailed: 403,
  'InvalidResourceGroup.NotFound': 404,
};

export const ImportImage = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ImportImage',
  kind: 'task',
  docs: {
    summary: 'Makes a custom image from disk image files in buckets; a task tells how it goes.',
    notes:
      'The image is Available once every file is copied, hashed and inspected; what a file is, is read from its content. `Size` is 0 until the header has been read, unless DiskImageSize is given. An import has no family: verify it, then set the family with ModifyImageAttribute.',
  },
  input: importImageInput,
  output: object({ ImageId: string(), TaskId: string(), RegionId: string() }),
  errors,
  cannotOccur: {
    ...because('Nothing is sold here and no account is kept from a feature.', [
      '400 Account.Arrearage',
      '400 InvalidLicenseType.BYOLOnly',
      '403 InvalidAccountStatus.OSSDisabled',
      '403 UserNotInTheWhiteList',
    ]),
    ...because('Every region here imports every format.', [
      '400 InvalidImageFormat.RegionNotSupported',
      '400 InvalidRegion.NotSupport',
    ]),
    ...because('The content is inspected after the answer; the task fails with the reason.', [
      '403 ImageCheckUnsupported.WindowsImage',
      '403 InvalidBlockSize.NotSupport',
      '403 InvalidVHDImage.IncorrectSize',
    ]),
    ...because('Buckets are folders: not archived, encrypted, throttled or guarded by a role.', [
      '400 InvalidOSSBucket.FlowLimit',
      '400 InvalidOSSObject.NeedRestore',
      '403 InvalidOSSBucket.EncryptUnsupported',
      '403 NoSetRoletoECSServiceAcount',
    ]),
    ...because('Every StorageLocationArn is refused, for there is no CloudBox.', [
      '403 InvalidOperation.CloudBoxImageImportRoleRequired',
      '403 InvalidStorageLocation.NotFound',
    ]),
    '400 DRYRUN.SUCCESS': 'A dry run is answered with DryRunOperation, as the parameter promises.',
    '403 ImageIsImporting': 'Every call makes a new image.',
    '403 InvalidImageFormat.Malformed': 'The same code is answered with the status 400.',
  },
  access: { action: 'ecs:ImportImage', resource: () => 'image/*' },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageName: 'nightly-20261124',
      'DiskDeviceMapping.1.OSSBucket': 'builds',
      'DiskDeviceMapping.1.OSSObject': 'nightly/disk.qcow2',
    },
    response: {
      ImageId: 'm-bp146shijn7hujku9exp',
      TaskId: 't-bp67acfmxazb4p4aaaaa',
      RegionId: 'cn-hangzhou',
    },
  },
  dryRun: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  async prepare(ctx, wanted): Promise<ImportFacts[]> {
    checkImportDisks(ctx, wanted.DiskDeviceMapping);
    return gatherImportFacts(ctx, wanted.DiskDeviceMapping);
  },
  async handler(ctx, wanted, facts) {
    const { tx, settings } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: wanted.RegionId as RegionId };
    const form = readImportImage(ctx, wanted);
    const disks = importDisks(ctx, wanted.DiskDeviceMapping, () => ctx.newId('s-', scope.regionId));
    const imageId = ctx.newId('m-', scope.regionId);
    const taskId = ctx.newId('t-', scope.regionId);
    const resourceGroupId = await requireResourceGroup(ctx, wanted.ResourceGroupId);
    const image = importImageDraft(scope, imageId, wanted, form, disks[0]?.sizeGib ?? 0);
    const draft = { ...image, resourceGroupId };
    if (!bootModeFits(draft)) throw ctx.fail('InvalidBootMode.NotSupport');
    const objects = await importObjects(ctx, scope.regionId, wanted.DiskDeviceMapping, facts);
    if ((await tx.unfinishedTaskCount(scope.accountId)) >= settings.quotas.unfinishedTasks)
      throw ctx.fail('ImportImageFailed');
    await tx.ensureAccountRegion(scope);
    for (const { position, snapshotId, diskType, sizeGib } of disks)
      await tx.insertSnapshot({
        ...scope,
        ...(await tx.drawSeq(scope, ctx.nowMs)),
        snapshotId,
        snapshotName: `import-${imageId}-${position}`,
        description: `Disk ${position} of the imported image ${imageId}`,
        sourceDiskType: diskType,
        sizeGib,
        status: 'progressing',
      });
    const outcome = await acceptImage(tx, draft, disks, form.tags, 'Creating', settings.quotas);
    // An import joins no family, so that the only other refusal is the quota of images.
    if (!outcome.accepted)
      throw ctx.fail(
        outcome.refusal === 'name-taken' ? 'InvalidImageName.Duplicated' : 'QuotaExceed.Image',
      );
    await tx.insertTask({
      ...scope,
      taskId,
      taskAction: 'ImportImage',
      taskStatus: 'Processing',
      creationMs: outcome.creationMs,
      finishedMs: null,
      progress: 0,
      resourceId: imageId,
      errorCode: '',
      errorMessage: '',
      objects: [],
    });
    await tx.insertJob({
      ...scope,
      jobId: `ImportImage:${imageId}`,
      kind: 'ImportImage',
      imageId,
      taskId,
      step: 'ingest:1',
      state: importState(disks, objects),
      status: 'ready',
      attempts: 0,
      creationMs: ctx.nowMs,
    });
    return { ImageId: imageId, TaskId: taskId, RegionId: scope.regionId };
  },
});
