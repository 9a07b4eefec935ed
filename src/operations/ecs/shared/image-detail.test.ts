import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../../testing/harness.ts';
import { NO_ONLINE_CHANGES } from './image-detail.ts';

test('an image shows all its fields with their types', async (t) => {
  const k = await kindred(t);
  const { imageId, snapshotId } = await k.image({ ImageName: 'base', 'Tag.1.Key': 'env' });
  const answer = await k.call('DescribeImages', { RegionId: REGION, ImageId: imageId });
  const [image] = answer.Images.Image;
  assert.deepEqual(image, {
    Architecture: 'x86_64',
    BootMode: 'BIOS',
    CreationTime: '2026-11-24T12:00:00Z',
    Description: '',
    DetectionOptions: {},
    DiskDeviceMappings: {
      DiskDeviceMapping: [
        {
          Device: '/dev/xvda',
          Encrypted: false,
          Format: '',
          ImportOSSBucket: '',
          ImportOSSObject: '',
          Progress: '',
          RemainTime: 0,
          Size: '1',
          SnapshotId: snapshotId,
          Type: 'system',
        },
      ],
    },
    Features: { ...NO_ONLINE_CHANGES, ImdsSupport: 'v1', NvmeSupport: 'unsupported' },
    ImageFamily: '',
    ImageId: imageId,
    ImageName: 'base',
    ImageOwnerAlias: 'self',
    ImageOwnerId: Number(k.accountId),
    ImageVersion: '',
    IsCopied: false,
    IsPublic: false,
    IsSelfShared: 'False',
    IsSubscribed: false,
    IsSupportCloudinit: true,
    IsSupportIoOptimized: true,
    LicenseType: 'Aliyun',
    LoginAsNonRootSupported: false,
    OSName: 'Others Linux  64位',
    OSNameEn: 'Others Linux  64 bit',
    OSType: 'linux',
    Platform: 'Others Linux',
    ProductCode: '',
    Progress: '100%',
    ResourceGroupId: '',
    SecureBootOptions: {},
    Size: 1,
    Status: 'Available',
    SupplierName: '',
    Tags: { Tag: [{ TagKey: 'env', TagValue: '' }] },
    Usable: true,
    Usage: 'none',
  });
});
