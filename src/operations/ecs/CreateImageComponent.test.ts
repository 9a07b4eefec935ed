import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { CreateImageComponent } from './CreateImageComponent.ts';

type Values = Readonly<Record<string, string>>;

const create =
  (values: Values) =>
  (t: Case): Promise<unknown> =>
    t.call({ RegionId: REGION, Content: 'RUN true', ...values });
const content = (Content: string) => create({ Content });

testOperation(
  CreateImageComponent,
  {
    MissingRegionId: (t) => t.call({ Content: 'RUN true' }),
    'MissingParameter.Content': (t) => t.call({ RegionId: REGION }),
    InvalidParameter: create({ ClientToken: 'x'.repeat(65) }),
    IdempotentParameterMismatch: async (t) => {
      const call = { RegionId: REGION, Content: 'RUN true', ClientToken: 'once' };
      await t.k.call('CreateImageComponent', call);
      return t.call({ ...call, Content: 'RUN false' });
    },
    'InvalidName.Malformed': create({ Name: '1st' }),
    'InvalidDescription.Malformed': create({ Description: 'https://example.com' }),
    'InvalidParameter.ComponentVersion': create({ ComponentVersion: '1.0' }),
    'InvalidComponentType.NotSupportedValue': create({ ComponentType: 'Deploy' }),
    'InvalidSystemType.NotSupportedValue': create({ SystemType: 'Plan9' }),
    'InvalidImage.OsTypeUnsupported': create({ SystemType: 'Windows' }),
    // Fewer characters than bytes.
    'InvalidContent.LengthExceeded': content(`RUN ${'é'.repeat(8191)}`),
    'InvalidParameter.Content': content('Tasks:\n'),
    'InvalidImageTemplateCommand.NotSupported': content('EXPOSE 80'),
    'InvalidImageTemplateCommandSize.ExceededMaxNumber': content('RUN true\n'.repeat(128)),
    'InvalidCommand.Component': content('COMPONENT ic-bp12dvdzvr9k9s8kfj1x'),
    'NotSupportedCommand.FROM': content('FROM IMAGE_FAMILY:web'),
    'EmptyCommandContent.RUN': content('RUN'),
    'EmptyCommandContent.ENV': content('ENV'),
    'EmptyCommandContent.WORKDIR': content('WORKDIR'),
    'EmptyCommandContent.COPY': content('COPY'),
    'EmptyCommandContent.USER': content('USER'),
    'EmptyCommandContent.CMD': content('CMD'),
    'EmptyCommandContent.ENTRYPOINT': content('ENTRYPOINT'),
    'InvalidCommandContent.RUN': content('RUN ["unclosed"'),
    'InvalidCommandContent.ENV': content('ENV =1'),
    'InvalidCommandContent.WORKDIR': content('WORKDIR /a /b'),
    'InvalidCommandContent.COPY': content('COPY /a'),
    'InvalidCommandContent.USER': content('USER a b'),
    'InvalidCommandContent.CMD': content('CMD [1]'),
    'InvalidCommandContent.ENTRYPOINT': content('ENTRYPOINT []'),
    'NotEmptyCommandContent.RESTART': content('RESTART now'),
    'Duplicate.TagKey': create({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': create({ 'Tag.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': create({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'acs:test' }),
    'QuotaExceed.Tags': create(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidComponentVersion.Exist': async (t) => {
      const component = { RegionId: REGION, Name: 'nginx', Content: 'RUN true' };
      await t.k.call('CreateImageComponent', component);
      return t.call({ ...component, ComponentVersion: '1.0.0' });
    },
    'InvalidRegionId.NotFound': create({ RegionId: 'cn-nowhere' }),
    'InvalidResourceGroup.NotFound': create({ ResourceGroupId: 'group' }),
    // Two are there from the cases above.
    'QuotaExceed.ImageComponent': async (t) => {
      await t.k.call('CreateImageComponent', { RegionId: REGION, Content: 'RUN true' });
      return create({})(t);
    },
  },
  { isShared: true, kindred: { quotas: { builderRecords: 3 } } },
);

test('a component is kept as it was given; what was not given is invented', async (t) => {
  const k = await kindred(t);
  const Content =
    '# packages\nRUN yum install -y \\\n  nginx\n\nrestart\nENV A=1\nCMD ["/bin/true"]\n';
  const { ImageComponentId } = await k.call('CreateImageComponent', {
    RegionId: REGION,
    Content,
    ClientToken: 'once',
  });
  const again = { RegionId: REGION, Content, ClientToken: 'once' };
  assert.equal((await k.call('CreateImageComponent', again)).ImageComponentId, ImageComponentId);
  const listed = await k.call('DescribeImageComponents', { RegionId: REGION });
  assert.match(ImageComponentId, /^ic-bp1[0-9a-z]{17}$/);
  assert.deepEqual(listed.ImageComponent.ImageComponentSet, [
    {
      ImageComponentId,
      Name: ImageComponentId,
      ComponentType: 'Build',
      ComponentVersion: '1.0.0',
      SystemType: 'Linux',
      Content,
      Description: '',
      CreationTime: '2026-11-24T12:00:00Z',
      Owner: 'SELF',
      ResourceGroupId: '',
      Parameters: { Parameter: [] },
      Tags: { Tag: [] },
    },
  ]);
});

test('the next version of a name is the next major one', async (t) => {
  const k = await kindred(t);
  const component = { RegionId: REGION, Name: 'nginx', Content: 'RUN true' };
  for (const more of [{ ComponentVersion: '2.7.1' }, {}, { ComponentVersion: '2.8.0' }])
    await k.call('CreateImageComponent', { ...component, ...more });
  const listed = await k.call('DescribeImageComponents', { RegionId: REGION, Name: 'nginx' });
  const set: { ComponentVersion: string }[] = listed.ImageComponent.ImageComponentSet;
  assert.deepEqual(
    set.map(({ ComponentVersion }) => ComponentVersion),
    ['2.8.0', '3.0.0', '2.7.1'],
  );
});
