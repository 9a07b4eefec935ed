import { asImageComponent } from '../../domain/image-component.ts';
import { isComponentInUse } from '../../domain/image-pipeline.ts';
import type { RegionId } from '../../domain/ids.ts';
import { removeResource } from '../../domain/resource-lifecycle.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';

export const DeleteImageComponent = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteImageComponent',
  kind: 'write',
  docs: { summary: 'Deletes an image component that no pipeline names.' },
  input: object({
    RegionId: regionId(),
    ImageComponentId: string({ maxLength: 128, invalid: 'InvalidImageComponent.NotFound' }),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingImageComponentId: 400,
    'InvalidImageComponent.InUse': 403,
    'InvalidImageComponent.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:DeleteImageComponent',
    resource: ({ ImageComponentId }) => `imagecomponent/${ImageComponentId}`,
  },
  recordsOnly: true,
  example: {
    request: { RegionId: 'cn-hangzhou', ImageComponentId: 'ic-bp12dvdzvr9k9s8kfj1x' },
    response: {},
  },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { ImageComponentId: id } = input;
    const component = await ctx.tx.resource(scope, 'imagecomponent', id, ctx.nowMs);
    if (component === undefined) throw ctx.fail('InvalidImageComponent.NotFound');
    const { builderRecords } = ctx.settings.quotas;
    if (await isComponentInUse(ctx.tx, asImageComponent(component), builderRecords, ctx.nowMs))
      throw ctx.fail('InvalidImageComponent.InUse');
    await removeResource(ctx.tx, component);
    return {};
  },
});
