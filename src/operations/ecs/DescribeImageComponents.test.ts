import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { DescribeImageComponents } from './DescribeImageComponents.ts';

const list = (values: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...values });
const many = (name: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name.replace('N', `${i + 1}`), 'x']));

testOperation(
  DescribeImageComponents,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: list({ MaxResults: '0' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'web' }),
    InvalidTagCount: list(many('Tag.N.Key', 21)),
    'InvalidComponentType.NotSupportedValue': list({ ComponentType: 'Deploy' }),
    'InvalidImageComponentIdSize.ExceededMaxNumber': list(many('ImageComponentId.N', 21)),
    'InvalidParameter.ComponentVersion': list({ Name: 'nginx', ComponentVersion: '1*.0.0' }),
    'InvalidParameter.Owner': list({ Owner: 'OTHERS' }),
    'InvalidSystemType.NotSupportedValue': list({ SystemType: 'Plan9' }),
    'Invalid.NextToken': list({ NextToken: 'x' }),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

const YAML = `Parameters:
  package: # what to install
    Type: String
    DefaultValue: 'nginx' # quoted
  count:
    Type: Number
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: yum install -y {{ package }}
`;

test('components are filtered, and paged without repeating one', async (t) => {
  const k = await kindred(t);
  const { ResourceGroup } = await k.call('CreateResourceGroup', {
    Name: 'web',
    DisplayName: 'Web',
  });
  const group = ResourceGroup.Id;
  const make = async (values: Parameters): Promise<string> => {
    const component = { RegionId: REGION, Content: 'RUN true', ...values };
    return (await k.call('CreateImageComponent', component)).ImageComponentId;
  };
  const nginx = await make({ Name: 'nginx', ResourceGroupId: group, 'Tag.1.Key': 'team' });
  const newer = await make({ Name: 'nginx', ComponentVersion: '1.2.0', ComponentType: 'Test' });
  const yaml = await make({ SystemType: 'Windows', Content: YAML });
  const answer = (values: Parameters) =>
    k.call('DescribeImageComponents', { RegionId: REGION, ...values });
  const ids = async (values: Parameters): Promise<string[]> =>
    (await answer(values)).ImageComponent.ImageComponentSet.map(
      (component: { ImageComponentId: string }) => component.ImageComponentId,
    );
  assert.deepEqual(await ids({}), [yaml, newer, nginx]);
  assert.deepEqual(await ids({ Name: 'nginx', ComponentVersion: '1.*.0' }), [newer, nginx]);
  assert.deepEqual(await ids({ Name: 'nginx', ComponentVersion: '1.2.*' }), [newer]);
  // Without a name the version says nothing.
  assert.equal((await ids({ ComponentVersion: '9.9.9' })).length, 3);
  assert.deepEqual(await ids({ ComponentType: 'Test' }), [newer]);
  assert.deepEqual(await ids({ SystemType: 'Windows' }), [yaml]);
  assert.deepEqual(await ids({ 'ImageComponentId.1': nginx, Owner: 'SELF' }), [nginx]);
  assert.deepEqual(await ids({ Owner: 'ALIYUN' }), []);
  assert.deepEqual(await ids({ ResourceGroupId: group }), [nginx]);
  assert.deepEqual(await ids({ 'Tag.1.Key': 'team' }), [nginx]);
  assert.deepEqual(
    (await answer({ SystemType: 'Windows' })).ImageComponent.ImageComponentSet[0].Parameters,
    {
      Parameter: [
        { Name: 'package', Type: 'String', DefaultValue: 'nginx' },
        { Name: 'count', Type: 'Number', DefaultValue: '' },
      ],
    },
  );

  const first = await answer({ MaxResults: '2' });
  assert.deepEqual([first.TotalCount, first.MaxResults], [3, 2]);
  const second = await answer({ MaxResults: '2', NextToken: first.NextToken });
  assert.deepEqual([second.TotalCount, second.NextToken], [3, '']);
  assert.equal(second.ImageComponent.ImageComponentSet[0].ImageComponentId, nginx);
  const other = { RegionId: REGION, Name: 'nginx', NextToken: first.NextToken };
  assert.equal((await k.refused('DescribeImageComponents', other)).code, 'Invalid.NextToken');
  const stranger = await k.newAccount();
  const theirs = await k.call('DescribeImageComponents', { RegionId: REGION }, { as: stranger });
  assert.deepEqual([theirs.TotalCount, theirs.ImageComponent.ImageComponentSet], [0, []]);
});
