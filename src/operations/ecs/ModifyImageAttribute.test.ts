// ModifyImageAttribute: each refusal (which must leave no attribute changed), and what changes do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { runInstance, SMALL_CATALOGUE } from '../../testing/records.ts';
import { ModifyImageAttribute } from './ModifyImageAttribute.ts';

type Values = Readonly<Record<string, string>>;

/** Tries to change a fresh image; with `first`, after it was changed so. */
const change =
  (values: Values, made: Values = {}, first?: Values) =>
  async (t: Case) => {
    const { imageId } = await t.k.image(made);
    const common = { RegionId: REGION, ImageId: imageId };
    if (first !== undefined) await t.k.call('ModifyImageAttribute', { ...common, ...first });
    return t.call({ ...common, ...values });
  };

testOperation(
  ModifyImageAttribute,
  {
    MissingRegionId: (t) => t.call({ ImageId: 'm-bp1', Description: 'new' }),
    MissingImageId: (t) => t.call({ RegionId: REGION, Description: 'new' }),
    MissingParameter: change({}),
    InvalidParameter: change({ Status: 'Creating' }),
    DryRunOperation: change({ ImageName: 'new', DryRun: 'true' }),
    'InvalidImageName.Malformed': change({ ImageName: 'acs:mine' }),
    'InvalidImageName.Duplicated': async (t) => {
      await t.k.image({ ImageName: 'taken' });
      return change({ ImageName: 'taken', Description: 'never written' })(t);
    },
    'InvalidDescription.Malformed': change({ Description: 'http://example.com' }),
    'InvalidImageFamily.Malformed': change({ ImageFamily: 'aliyun-mine' }),
    'ImageQuotaFull.ImageFamily': async (t) => {
      await t.k.image({ ImageFamily: 'web' });
      await t.k.image({ ImageFamily: 'web' });
      return change({ ImageFamily: 'web', Description: 'never written' })(t);
    },
    OperationDenied: async (t) => {
      const InstanceId = await runInstance(t.k);
      const { ImageId } = await t.k.call('CreateImage', { RegionId: REGION, InstanceId });
      await t.k.finishJobs();
      return t.call({
        RegionId: REGION,
        ImageId,
        ImageFamily: 'web',
        Description: 'never written',
      });
    },
    ImageFamilyQuotaFull: async (t) => {
      await t.k.image({ ImageFamily: 'web' });
      return change({ ImageFamily: 'database' })(t);
    },
    'InvalidBootMode.NotSupport': change({ BootMode: 'BIOS' }, { Architecture: 'arm64' }),
    'InvalidLicenseType.NotSupported': change({ LicenseType: 'Aliyun' }),
    'InvalidParameter.FeaturesImdsSupport': change({ 'Features.ImdsSupport': 'v3' }),
    'ImageStatus.NotAvailable': change({ Status: 'Deprecated' }, {}, { Status: 'Deprecated' }),
    'OperationDeined.ImageUsingByInstance': async (t) => {
      const { imageId } = await t.k.image();
      await t.k.instanceOf(imageId);
      return t.call({ RegionId: REGION, ImageId: imageId, BootMode: 'UEFI' });
    },
    ImageIsPublic: async (t) => {
      const { imageId } = await t.k.image();
      const image = { RegionId: REGION, ImageId: imageId };
      await t.k.call('ModifyImageSharePermission', { ...image, IsPublic: 'true' });
      return t.call({ ...image, Status: 'Deprecated' });
    },
    ImageUseShared: async (t) => {
      const { imageId } = await t.k.image();
      const { accountId } = await t.k.newAccount();
      const image = { RegionId: REGION, ImageId: imageId };
      await t.k.call('ModifyImageSharePermission', { ...image, 'AddAccount.1': accountId });
      return t.call({ ...image, Status: 'Deprecated' });
    },
    'ImageStatus.NotDeprecated': change({ Status: 'Available', Description: 'never written' }),
    'InvalidOperation.FeaturesImdsSupportNotMatch': change(
      { 'Features.ImdsSupport': 'v1' },
      { 'Features.ImdsSupport': 'v2' },
    ),
    'InvalidStatus.ImageIsCreating': async (t) => {
      const { imageId } = await t.k.startImport();
      return t.call({ RegionId: REGION, ImageId: imageId, Description: 'new' });
    },
    'InvalidImageId.NotFound': (t) =>
      t.call({ RegionId: REGION, ImageId: 'm-bp146shijn7hujku9exp', Description: 'new' }),
    'InvalidRegionId.NotFound': (t) =>
      t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1', Description: 'new' }),
  },
  { kindred: { catalogue: SMALL_CATALOGUE, quotas: { imagesPerFamily: 2, familiesPerRegion: 1 } } },
);

test('several attributes change in one call, and show', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageFamily: 'old' });
  await k.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: imageId,
    ImageName: 'named',
    Description: 'described',
    ImageFamily: 'new',
    BootMode: 'UEFI-Preferred',
    LicenseType: 'BYOL',
    'Features.NvmeSupport': 'supported',
    'Features.ImdsSupport': 'v2',
    Status: 'Deprecated',
  });
  const listed = await k.call('DescribeImages', {
    RegionId: REGION,
    ImageId: imageId,
    Status: 'ALL',
  });
  const [image] = listed.Images.Image;
  assert.equal(image.ImageName, 'named');
  assert.equal(image.Description, 'described');
  assert.equal(image.ImageFamily, 'new');
  assert.equal(image.BootMode, 'UEFI-Preferred');
  assert.equal(image.LicenseType, 'BYOL');
  assert.equal(image.Features.ImdsSupport, 'v2');
  assert.equal(image.Features.NvmeSupport, 'supported');
  assert.equal(image.Status, 'Deprecated');
  assert.equal(image.Usable, true);
});

test('an image that joins a family late does not become its newest', async (t) => {
  const k = await kindred(t);
  const early = await k.image();
  const late = await k.image({ ImageFamily: 'web' });
  await k.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: early.imageId,
    ImageFamily: 'web',
  });
  const ask = { RegionId: REGION, ImageFamily: 'web' };
  const head = async () => (await k.call('DescribeImageFromFamily', ask)).Image.ImageId;
  assert.equal(await head(), late.imageId);
  const status = (Status: string) =>
    k.call('ModifyImageAttribute', { RegionId: REGION, ImageId: late.imageId, Status });
  await status('Deprecated');
  assert.equal(await head(), early.imageId);
  await status('Available');
  assert.equal(await head(), late.imageId);
});

test('a call that changes nothing leaves no row in the journal', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageName: 'same', ImageFamily: 'web' });
  const before = k.stateHash();
  await k.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: imageId,
    ImageName: 'same',
    ImageFamily: 'web',
  });
  assert.equal(k.stateHash(), before);
});

test('an empty value means unchanged', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ Description: 'kept', ImageFamily: 'web' });
  await k.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: imageId,
    ImageName: 'renamed',
    Description: '',
    ImageFamily: '',
  });
  const image = await k.store.read((tx) => tx.image(k.scope, imageId));
  assert.equal(image?.description, 'kept');
  assert.equal(image?.imageFamily, 'web');
});
