import { asImageComponent } from '../../../domain/image-component.ts';
import type { Resource } from '../../../domain/resource.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { list, object, string, type Static } from '../../../lib/schema.ts';
import { tagsView, viewTags } from './network-parameters.ts';
import { readContent } from './template-content.ts';

export const componentSchema = object({
  ComponentType: string({ description: 'Build or Test.' }),
  ComponentVersion: string(),
  Content: string({ description: 'As it was given.' }),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  Description: string(),
  ImageComponentId: string(),
  Name: string(),
  Owner: string({ description: 'Always SELF: there are no components of the vendor here.' }),
  Parameters: object({
    Parameter: list(object({ DefaultValue: string(), Name: string(), Type: string() })),
  }),
  ResourceGroupId: string(),
  SystemType: string({ description: 'Linux or Windows.' }),
  Tags: tagsView,
});

export const viewComponent = (resource: Resource): Static<typeof componentSchema> => {
  const { detail } = asImageComponent(resource);
  const content = readContent(detail.content);
  const parameters = 'format' in content && content.format === 'yaml' ? content.parameters : [];
  return {
    ImageComponentId: resource.resourceId,
    Name: resource.resourceName,
    ComponentType: detail.componentType,
    ComponentVersion: detail.componentVersion,
    SystemType: detail.systemType,
    Content: detail.content,
    Description: detail.description,
    CreationTime: formatSeconds(resource.creationMs),
    Owner: 'SELF',
    ResourceGroupId: resource.resourceGroupId,
    Parameters: {
      Parameter: parameters.map(({ name, type, defaultValue }) => ({
        Name: name,
        Type: type,
        DefaultValue: defaultValue,
      })),
    },
    Tags: viewTags(resource.tags),
  };
};
