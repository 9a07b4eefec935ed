// What users may, through the whole pipeline: one image, one family, conditions, and that a refusal tells
// nothing of what is there.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { allow, deny, newUser, type TestUser } from '../testing/access.ts';
import { CallError, kindred, REGION, type Harness, type Parameters } from '../testing/harness.ts';

const IMAGE = (id: string) => `acs:ecs:*:*:image/${id}`;
const FAMILY = (name: string) => `acs:ecs:*:*:imagefamily/${name}`;
const UNKNOWN = 'm-bp1unknownunknownunk';

const setUp = async (t: TestContext) => {
  const k = await kindred(t);
  const web = await k.image({ ImageFamily: 'web', 'Tag.1.Key': 'env', 'Tag.1.Value': 'dev' });
  const db = await k.image({ ImageFamily: 'db', 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' });
  const plain = await k.image();
  return { k, web: web.imageId, db: db.imageId, plain: plain.imageId };
};

/** `OK`, or the code of the refusal. */
const outcome = async (k: Harness, as: TestUser, action: string, parameters: Parameters) => {
  try {
    await k.call(action, { RegionId: REGION, ...parameters }, { as });
    return 'OK';
  } catch (error) {
    if (error instanceof CallError) return error.code;
    throw error;
  }
};

const detailOf = (error: CallError) =>
  (JSON.parse(error.body) as { AccessDeniedDetail: Record<string, string> }).AccessDeniedDetail;

test('a policy of one family opens that family, and nothing else', async (t) => {
  const { k, web, db, plain } = await setUp(t);
  const user = await newUser(k, [allow('ecs:Describe*', FAMILY('web'))]);
  const may = (action: string, parameters: Parameters) => outcome(k, user, action, parameters);
  assert.equal(await may('DescribeImageFromFamily', { ImageFamily: 'web' }), 'OK');
  assert.equal(await may('DescribeImages', { ImageFamily: 'web' }), 'OK');
  assert.equal(await may('DescribeImages', { ImageId: web }), 'OK');
  for (const [action, parameters] of [
    ['DescribeImageFromFamily', { ImageFamily: 'db' }],
    ['DescribeImageFromFamily', { ImageFamily: 'none' }],
    ['DescribeImageFromFamily', { ImageFamily: 'Web' }],
    ['DescribeImages', {}],
    ['DescribeImages', { ImageId: db }],
    ['DescribeImages', { ImageId: `${web},${plain}` }],
    ['DescribeImages', { ImageId: UNKNOWN }],
    ['DescribeImages', { ImageFamily: 'web', ImageId: db }],
    ['DescribeRegions', {}],
    ['DeleteImage', { ImageId: web }],
    ['ModifyImageAttribute', { ImageId: web, Description: 'mine' }],
  ] as [string, Parameters][])
    assert.equal(await may(action, parameters), 'Forbidden.RAM', `${action} ${parameters.ImageId}`);
});

test('the vendor’s name for a lookup, `image/*`, opens every family', async (t) => {
  const { k } = await setUp(t);
  const user = await newUser(k, [allow('ecs:DescribeImageFromFamily', IMAGE('*'))]);
  const may = (ImageFamily: string) => outcome(k, user, 'DescribeImageFromFamily', { ImageFamily });
  assert.equal(await may('web'), 'OK');
  await user.may(allow(), deny('*', FAMILY('d*')));
  assert.deepEqual([await may('web'), await may('db')], ['OK', 'Forbidden.RAM']);
});

test('an image is put into a family, or taken out of one, by who may touch both', async (t) => {
  const { k, web, db, plain } = await setUp(t);
  const user = await newUser(k, [
    allow('ecs:ModifyImageAttribute', FAMILY('web')),
    allow('ecs:ModifyImageAttribute', IMAGE('*'), {
      Condition: { StringNotLike: { 'ecs:ImageFamily': '*' } },
    }),
  ]);
  const put = (ImageId: string, more: Parameters) =>
    outcome(k, user, 'ModifyImageAttribute', { ImageId, ...more });
  assert.equal(await put(plain, { ImageFamily: 'db' }), 'Forbidden.RAM');
  assert.equal(await put(plain, { ImageFamily: 'web' }), 'OK');
  assert.equal(await put(web, { Status: 'Deprecated' }), 'OK');
  assert.equal(await put(db, { ImageFamily: 'web' }), 'Forbidden.RAM');
  assert.equal(await put(db, { Description: 'mine now' }), 'Forbidden.RAM');
});

test('no way around leads into a family that is denied', async (t) => {
  const { k, web, db } = await setUp(t);
  const user = await newUser(k, [allow(), deny('*', FAMILY('db'))]);
  const may = (action: string, parameters: Parameters) => outcome(k, user, action, parameters);
  const pipeline = (more: Parameters) =>
    may('CreateImagePipeline', { BaseImageType: 'IMAGE', BaseImage: web, ...more });
  assert.equal(await pipeline({}), 'OK');
  assert.equal(await pipeline({ ImageFamily: 'db' }), 'Forbidden.RAM');
  assert.equal(await pipeline({ 'ImageOptions.ImageFamily': 'db' }), 'Forbidden.RAM');
  assert.equal(await pipeline({ BaseImage: db }), 'Forbidden.RAM');
  const ofFamily = { BaseImageType: 'IMAGE_FAMILY', BaseImage: 'db' };
  assert.equal(await pipeline(ofFamily), 'Forbidden.RAM');
  for (const [action, parameters] of [
    ['CreateImage', { SnapshotId: 's-bp1unknown', ImageFamily: 'db' }],
    ['CopyImage', { ImageId: db, DestinationRegionId: 'cn-beijing' }],
    ['ExportImage', { ImageId: db, OSSBucket: 'images' }],
    ['ModifyImageAttribute', { ImageId: web, ImageFamily: 'db' }],
    ['ModifyImageSharePermission', { ImageId: db, 'AddAccount.1': '1' }],
    ['RunInstances', { ImageId: db, InstanceType: 'ecs.g7.large' }],
    ['RunInstances', { ImageFamily: 'db', InstanceType: 'ecs.g7.large' }],
    ['TagResources', tagged('image', web, db)],
  ] as [string, Parameters][])
    assert.equal(await may(action, parameters), 'Forbidden.RAM', action);
  for (const [action, parameters] of [
    ['DescribeImageContent', { ImageId: db }],
    ['CreateFamilyReadToken', { ImageFamily: 'db' }],
    ['ModifyImageFamilyAccess', { ImageFamily: 'db', Access: 'public-read' }],
    ['PruneImageFamily', { ImageFamily: 'db', Keep: '1' }],
  ] as [string, Parameters][])
    assert.equal(await may(action, parameters), 'NoPermission', action);
});

const tagged = (ResourceType: string, ...ids: string[]): Parameters => ({
  ResourceType,
  ...Object.fromEntries(ids.map((id, i) => [`ResourceId.${i + 1}`, id])),
  'Tag.1.Key': 'env',
  'Tag.1.Value': 'dev',
});

test('conditions on tags look at the image, and at what a family gives', async (t) => {
  const { k, web, db } = await setUp(t);
  const dev = { Condition: { StringEquals: { 'ecs:tag/env': 'dev' } } };
  const user = await newUser(k, [allow('*', '*', dev)]);
  const may = (action: string, parameters: Parameters) => outcome(k, user, action, parameters);
  assert.equal(await may('DescribeImages', { ImageId: web }), 'OK');
  assert.equal(await may('DescribeImages', { ImageId: db }), 'Forbidden.RAM');
  assert.equal(await may('DescribeImageFromFamily', { ImageFamily: 'web' }), 'OK');
  assert.equal(await may('DescribeImageFromFamily', { ImageFamily: 'db' }), 'Forbidden.RAM');
  const byTag = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'dev' };
  assert.equal(await may('DescribeImages', byTag), 'OK');
  assert.equal(await may('DescribeImages', {}), 'Forbidden.RAM');
  assert.equal(await may('CreateVpc', byTag), 'OK');
  assert.equal(await may('CreateVpc', {}), 'Forbidden.RAM');
});

test('a Deny of tags is not passed by leaving them out', async (t) => {
  const { k, web, db } = await setUp(t);
  const prod = { Condition: { StringEquals: { 'ecs:tag/env': 'prod' } } };
  const user = await newUser(k, [allow(), deny('*', '*', prod)]);
  const may = (action: string, parameters: Parameters) => outcome(k, user, action, parameters);
  assert.equal(await may('DescribeImages', { ImageId: web }), 'OK');
  assert.equal(await may('DescribeImages', { ImageId: db }), 'Forbidden.RAM');
  assert.equal(await may('DescribeImages', {}), 'Forbidden.RAM');
  assert.equal(await may('DescribeRegions', {}), 'OK');
  // Moving the tag away is a change of the image as it is.
  const untag = { ResourceType: 'image', 'ResourceId.1': db, 'TagKey.1': 'env' };
  assert.equal(await may('UntagResources', untag), 'Forbidden.RAM');
  // Who may read a family reads whatever it names next.
  assert.equal(await may('CreateFamilyReadToken', { ImageFamily: 'web' }), 'NoPermission');
});

test('address, time and transport are conditions', async (t) => {
  const k = await kindred(t);
  const user = await newUser(k);
  const may = async (operator: string, key: string, value: string) => {
    await user.may(allow('*', '*', { Condition: { [operator]: { [key]: value } } }));
    return (await outcome(k, user, 'DescribeImages', {})) === 'OK';
  };
  assert.equal(await may('IpAddress', 'acs:SourceIp', '127.0.0.0/8'), true);
  assert.equal(await may('IpAddress', 'acs:SourceIp', '10.0.0.0/8'), false);
  assert.equal(await may('Bool', 'acs:SecureTransport', 'false'), true);
  assert.equal(await may('Bool', 'acs:SecureTransport', 'true'), false);
  assert.equal(await may('Bool', 'acs:MFAPresent', 'true'), false);
  assert.equal(await may('DateLessThan', 'acs:CurrentTime', '2026-11-24T12:00:01Z'), true);
  assert.equal(await may('DateLessThan', 'acs:CurrentTime', '2026-11-24T12:00:00Z'), false);
  assert.equal(await may('StringNotEquals', 'acs:SourceVpc', 'vpc-1'), false);
});

test('a refusal is the same whether the thing is there, foreign or was never made', async (t) => {
  const { k, web, plain } = await setUp(t);
  const other = await k.newAccount();
  const foreign = await k.importImage({}, {});
  await k.call('ModifyImageSharePermission', {
    RegionId: REGION,
    ImageId: foreign.imageId,
    'AddAccount.1': other.accountId,
  });
  const shapes = async (as: TestUser, action: string) => {
    const seen = new Set<string>();
    for (const ImageId of [web, plain, foreign.imageId, UNKNOWN]) {
      const error = await k.refused(action, { RegionId: REGION, ImageId }, { as });
      const {
        RequestId: _,
        Recommend: __,
        AccessDeniedDetail: { EncodedDiagnosticMessage: ___, ...detail },
        ...rest
      } = JSON.parse(error.body);
      seen.add(JSON.stringify([error.status, rest, detail]));
    }
    return [...seen];
  };
  const policies: object[][] = [
    [allow('ecs:DescribeRegions')],
    [allow('ecs:*', FAMILY('other'))],
    [allow('ecs:*', '*', { Condition: { StringEquals: { 'ecs:tag/env': 'none' } } })],
    [allow(), deny('*', IMAGE('*'))],
    [
      allow('ecs:Describe*', IMAGE('m-other')),
      deny('ecs:*', '*', { Condition: { StringEquals: { 'ecs:tag/env': 'dev' } } }),
    ],
  ];
  const user = await newUser(k);
  const stranger = await newUser(k, [], other.accountId as TestUser['accountId']);
  for (const statements of policies)
    for (const as of [user, stranger]) {
      await as.may(...statements);
      for (const action of ['DescribeImages', 'DeleteImage', 'DescribeImageContent'])
        assert.equal((await shapes(as, action)).length, 1, JSON.stringify(statements));
    }
});

test('a refusal says who, what and how, as an object in JSON and in XML', async (t) => {
  const k = await kindred(t);
  const user = await newUser(k, [allow('vpc:*')]);
  const error = await k.refused('DescribeImages', { RegionId: REGION }, { as: user });
  assert.deepEqual([error.status, error.code], [403, 'Forbidden.RAM']);
  const { EncodedDiagnosticMessage, ...detail } = detailOf(error);
  assert.deepEqual(detail, {
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    AuthPrincipalOwnerId: k.accountId,
    AuthPrincipalType: 'SubUser',
    AuthPrincipalDisplayName: user.userId,
    NoPermissionType: 'ImplicitDeny',
    AuthAction: 'ecs:DescribeImages',
  });
  assert.deepEqual(JSON.parse(Buffer.from(EncodedDiagnosticMessage!, 'base64').toString()), {
    AuthAction: 'ecs:DescribeImages',
    AuthResource: `acs:ecs:${REGION}:${k.accountId}:image/*`,
  });
  const xml = await k.call('DescribeImages', { RegionId: REGION }, { as: user, format: 'XML' });
  assert.match(
    xml,
    /<AccessDeniedDetail><PolicyType>AccountLevel.*<AuthAction>ecs:DescribeImages<\/AuthAction>/s,
  );
  await user.may(allow(), deny('ecs:DescribeImages'));
  const explicit = await k.refused('DescribeImages', { RegionId: REGION }, { as: user });
  assert.equal(detailOf(explicit).NoPermissionType, 'ExplicitDeny');
  const own = await k.refused('DescribeAccessKeys', {}, { as: await newUser(k) });
  assert.deepEqual(
    [own.code, detailOf(own).AuthAction],
    ['NoPermission', 'kindred:DescribeAccessKeys'],
  );
});

test('a right that is taken away ends with the next call, and a refused write changes nothing', async (t) => {
  const k = await kindred(t);
  const user = await newUser(k, [allow('ecs:CreateVpc')]);
  await user.may(allow('vpc:CreateVpc'));
  assert.equal(await outcome(k, user, 'CreateVpc', {}), 'OK');
  await user.may();
  const before = k.stateHash();
  assert.equal(await outcome(k, user, 'CreateVpc', {}), 'Forbidden.RAM');
  assert.equal(await outcome(k, user, 'DeleteImage', { ImageId: UNKNOWN }), 'Forbidden.RAM');
  assert.equal(k.stateHash(), before);
});
