import { acceptResource } from '../../domain/resource-lifecycle.ts';
import {
  asImageComponent,
  COMPONENT_TYPES,
  isComponentVersion,
  nextComponentVersion,
  SYSTEM_TYPES,
  type ImageComponentDetail,
} from '../../domain/image-component.ts';
import type { RegionId } from '../../domain/ids.ts';
import { isDescription, isResourceName } from '../../domain/naming.ts';
import type { Scope } from '../../domain/tx.ts';
import { choice, object, optional, string, type Static } from '../../lib/schema.ts';
import { defineOperation, type CallContext, type WriteContext } from '../../operation.ts';
import { builderName, contentText, NO_BUILD_MACHINE } from './shared/builder-parameters.ts';
import { checkComponentContent, componentErrors } from './shared/component-content.ts';
import { requireCreationTags } from './shared/creation-tags.ts';
import { description } from './shared/image-parameters.ts';
import { clientToken, ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { requireResourceGroup, resourceGroupId } from './shared/resource-group.ts';

const input = object({
  RegionId: regionId(),
  Content: contentText(
    'Commands, one a line (RUN, ENV, WORKDIR, COPY, USER, CMD, ENTRYPOINT, RESTART; at most 127), or a YAML text with `Tasks:`; at most 16 KiB.',
    'InvalidContent.LengthExceeded',
  ),
  Name: builderName('component'),
  ComponentVersion: optional(
    string({
      description:
        'major.minor.patch, unique among the components of the name. Absent: the next major version.',
      maxLength: 32,
      invalid: 'InvalidParameter.ComponentVersion',
    }),
  ),
  ComponentType: optional(
    choice(COMPONENT_TYPES, {
      description: 'Build (default) or Test.',
      invalid: 'InvalidComponentType.NotSupportedValue',
    }),
  ),
  SystemType: optional(
    choice(SYSTEM_TYPES, {
      description: 'Linux (default) or Windows, which takes YAML alone.',
      invalid: 'InvalidSystemType.NotSupportedValue',
    }),
  ),
  Description: description,
  ResourceGroupId: resourceGroupId,
  Tag: tagList('QuotaExceed.Tags'),
  ClientToken: clientToken(),
  ...owners,
});
type Input = Static<typeof input>;

const errors = {
  ...componentErrors,
  MissingRegionId: 400,
  InvalidParameter: 400,
  IdempotentParameterMismatch: 400,
  'InvalidName.Malformed': 400,
  'InvalidDescription.Malformed': 400,
  'InvalidParameter.ComponentVersion': 400,
  'InvalidComponentType.NotSupportedValue': 400,
  'InvalidSystemType.NotSupportedValue': 400,
  'Duplicate.TagKey': 400,
  'InvalidTagKey.Malformed': 400,
  'InvalidTagValue.Malformed': 400,
  'QuotaExceed.ImageComponent': 400,
  'InvalidComponentVersion.Exist': 403,
  'QuotaExceed.Tags': 403,
  'InvalidRegionId.NotFound': 404,
  'InvalidResourceGroup.NotFound': 404,
};
type Code = keyof typeof errors;

/** What the schema cannot say of the values; gives tags and content. */
const checkForm = (ctx: Pick<CallContext<Code>, 'fail'>, wanted: Input) => {
  const { Name, Description, ComponentVersion, SystemType = 'Linux' } = wanted;
  if (Name !== undefined && !isResourceName(Name)) throw ctx.fail('InvalidName.Malformed');
  if (Description !== undefined && !isDescription(Description))
    throw ctx.fail('InvalidDescription.Malformed');
  if (ComponentVersion !== undefined && !isComponentVersion(ComponentVersion))
    throw ctx.fail('InvalidParameter.ComponentVersion');
  const content = checkComponentContent(ctx, wanted.Content, SystemType);
  return { content, tags: requireCreationTags(ctx, wanted.Tag) };
};

/** The version that was asked for, or the next one of the name. */
const drawVersion = async (
  ctx: WriteContext<Code>,
  scope: Scope,
  name: string,
  wanted: string | undefined,
): Promise<string> => {
  const page = { limit: ctx.settings.quotas.builderRecords, offset: 0 };
  const filter = { resourceType: 'imagecomponent', resourceName: name } as const;
  const { rows } = await ctx.tx.resources(scope, filter, page, ctx.nowMs);
  const versions = rows.map((row) => asImageComponent(row).detail.componentVersion);
  if (wanted === undefined) return nextComponentVersion(versions);
  if (versions.includes(wanted)) throw ctx.fail('InvalidComponentVersion.Exist');
  return wanted;
};

export const CreateImageComponent = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CreateImageComponent',
  kind: 'write',
  docs: {
    summary: 'Keeps a list of commands for building or testing images.',
    notes: `${NO_BUILD_MACHINE} The content is checked as far as its form goes, kept and shown.`,
  },
  input,
  output: object({ ImageComponentId: string() }),
  errors,
  cannotOccur: {
    '403 InvalidOperation.NoPermissionCreateServiceLinkedRole': 'No service role is needed here.',
  },
  access: { action: 'ecs:CreateImageComponent', resource: () => 'imagecomponent/*' },
  recordsOnly: true,
  idempotency: { mismatch: 'IdempotentParameterMismatch' },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      Name: 'nginx',
      Content: 'RUN yum install -y nginx',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'web',
    },
    response: { ImageComponentId: 'ic-bp12dvdzvr9k9s8kfj1x' },
  },
  async handler(ctx, wanted) {
    const scope = { accountId: ctx.caller.accountId, regionId: wanted.RegionId as RegionId };
    const { content, tags } = checkForm(ctx, wanted);
    const resourceId = ctx.newId('ic-', scope.regionId);
    const resourceName = wanted.Name ?? resourceId;
    const componentVersion = await drawVersion(ctx, scope, resourceName, wanted.ComponentVersion);
    const all = { resourceType: 'imagecomponent' } as const;
    const { total } = await ctx.tx.resources(scope, all, { limit: 0, offset: 0 }, ctx.nowMs);
    if (total >= ctx.settings.quotas.builderRecords) throw ctx.fail('QuotaExceed.ImageComponent');
    const detail: ImageComponentDetail = {
      description: wanted.Description ?? '',
      componentType: wanted.ComponentType ?? 'Build',
      systemType: wanted.SystemType ?? 'Linux',
      componentVersion,
      content,
    };
    const group = await requireResourceGroup(ctx, wanted.ResourceGroupId);
    const place = { parentId: '', imageId: '', resourceGroupId: group };
    const record = { ...scope, ...all, ...place, resourceId, resourceName, status: 'Available' };
    await acceptResource(ctx.tx, { ...record, detail }, tags);
    return { ImageComponentId: resourceId };
  },
});
