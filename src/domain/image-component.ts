// Image components: what their records keep in `detail`, their versions, and how a content of a pipeline
// names one.
import type { Resource } from './resource.ts';

export const COMPONENT_TYPES = ['Build', 'Test'] as const;
export type ComponentType = (typeof COMPONENT_TYPES)[number];
export const SYSTEM_TYPES = ['Linux', 'Windows'] as const;
export type SystemType = (typeof SYSTEM_TYPES)[number];

/** What an image component keeps besides its name and tags. */
export interface ImageComponentDetail {
  description: string;
  componentType: ComponentType;
  systemType: SystemType;
  /** `major.minor.patch`; unique among the components of one name. */
  componentVersion: string;
  content: string;
}
export type ImageComponent = Resource<ImageComponentDetail>;

/** The one kind of detail that rows of this type are written with. */
export const asImageComponent = (resource: Resource): ImageComponent => resource as ImageComponent;

const isPart = (part: string): boolean => /^(0|[1-9]\d{0,8})$/.test(part);

const hasParts = (text: string, fits: (part: string) => boolean): boolean => {
  const parts = text.split('.');
  return parts.length === 3 && parts.every(fits);
};

/** `major.minor.patch` */
export const isComponentVersion = (text: string): boolean => hasParts(text, isPart);

/** The version after those that are there: the greatest major number and one, `.0.0`. */
export const nextComponentVersion = (versions: readonly string[]): string => {
  const majors = versions.map((version) => Number(version.split('.')[0]));
  return `${Math.max(0, ...majors) + 1}.0.0`;
};

/** A version, in which parts may be `*`. */
export const isVersionPattern = (text: string): boolean =>
  hasParts(text, (part) => part === '*' || isPart(part));

export const matchesVersion = (version: string, pattern: string): boolean => {
  const parts = version.split('.');
  return pattern.split('.').every((part, i) => part === '*' || part === parts[i]);
};

/** How a content names a component: by id, or by owner, name and a version with `*` in it. */
export type ComponentReference =
  | { componentId: string }
  | { accountId: string; regionId: string; name: string; version: string };

const ARN = /^acs:ecs:([a-z0-9-]*):(\d*):imagecomponent\/([^/]+)\/([^/]+)$/;

/** What stands after `COMPONENT`; undefined when it is neither form. */
export const readComponentReference = (text: string): ComponentReference | undefined => {
  if (/^ic-[0-9a-z]{1,64}$/.test(text)) return { componentId: text };
  const [, regionId = '', accountId = '', name = '', version = ''] = ARN.exec(text) ?? [];
  if (!isVersionPattern(version)) return undefined;
  return { accountId, regionId, name, version };
};

/** Whether the reference names this component, or may name it. */
export const namesComponent = (reference: ComponentReference, component: ImageComponent): boolean =>
  'componentId' in reference
    ? reference.componentId === component.resourceId
    : reference.accountId === component.accountId &&
      reference.regionId === component.regionId &&
      reference.name === component.resourceName &&
      matchesVersion(component.detail.componentVersion, reference.version);
