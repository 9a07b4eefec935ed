// What a request wants to touch, in the words that policies use. An image, or a place where one will be,
// has the name of its family beside its own: a policy may speak of either.

/** One thing that a request is about; every one of them must be allowed. Text alone is `resource`. */
export type Asked = string | AskedThing;

export interface AskedThing {
  /** The end of its ARN: `image/m-…`, `image/*` for those that are listed or made, `*`. A whole ARN stays as it is. */
  resource: string;
  /** Where it is, when that is not the request's `RegionId`. */
  regionId?: string | undefined;
  /** The family that the request names with it: which is asked for, or into which the image is put. */
  imageFamily?: string | undefined;
  /** It is the family's newest image: conditions on tags are about that. */
  isNewest?: true;
}

/** `<type>/<id>` for each id, or `<type>/*` when the request names none. */
export const eachOf = (type: string, ids: readonly string[] | string = '*'): string[] => {
  const named = [ids].flat();
  return (named.length === 0 ? ['*'] : named).map((id) => `${type}/${id}`);
};

/** The image that the request names, by id or as the newest of a family. */
export const imageAsked = ({
  ImageId,
  ImageFamily,
}: {
  ImageId?: string | undefined;
  ImageFamily?: string | undefined;
}): Asked =>
  ImageId === undefined
    ? { resource: 'image/*', imageFamily: ImageFamily, isNewest: true }
    : `image/${ImageId}`;

const IMAGE = /^image\//;

export const isImage = (resource: string): boolean => IMAGE.test(resource);

/** `acs:<service>:<region>:<account>:<resource>`; images and families are ECS's, whoever asks. */
export const arnOf = (
  action: string,
  { regionId, accountId, resource }: { regionId: string; accountId: string; resource: string },
): string => {
  if (resource.startsWith('acs:')) return resource;
  const service = action.slice(0, action.indexOf(':'));
  const owner = /^image(?:family)?\//.test(resource) ? 'ecs' : service === 'sts' ? 'ram' : service;
  return `acs:${owner}:${regionId}:${accountId}:${resource}`;
};
