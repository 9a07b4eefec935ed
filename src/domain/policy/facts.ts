// What the rows say of a thing that a request wants to touch: its family and its tags. Of what is not
// there nothing is known, so that the answer for a thing that policies shut is the answer for none.
import type { Caller } from '../account.ts';
import type { RegionId } from '../ids.ts';
import { RESOURCE_TYPES, type ResourceType } from '../resource.ts';
import type { Tag } from '../tag.ts';
import type { ReadTx } from '../tx.ts';
import { findByFamily, findVisible, imageSeen, type Visibility } from '../visible.ts';
import type { Mentions } from './mentions.ts';
import { isImage, type AskedThing } from './thing.ts';

export interface Facts {
  /** null: it has none; undefined: not known. */
  imageFamily: string | null | undefined;
  /** undefined: not known. */
  tags: readonly Tag[] | undefined;
}

export interface Viewpoint extends Visibility {
  tx: ReadTx;
  caller: Pick<Caller, 'accountId'>;
  nowMs: number;
}

/** Of a thing that is there, read only as far as policies mention it. */
export const factsOf = async (
  view: Viewpoint,
  { resource, regionId, imageFamily, isNewest }: AskedThing,
  mentions: Mentions,
): Promise<Facts> => {
  const region = (regionId ?? '') as RegionId;
  const [type, id] = splitOnce(resource);
  // Its tags are those of whatever it names by then.
  if (type === 'imagefamily') return { imageFamily: id === '*' ? undefined : id, tags: undefined };
  if (isImage(resource)) {
    if (!mentions.tags && (imageFamily !== undefined || !mentions.family))
      return { imageFamily, tags: undefined };
    const found = isNewest
      ? await newestOf(view, region, imageFamily)
      : id === '*'
        ? undefined
        : await findVisible(view.tx, view.caller, region, id, view);
    if (found === undefined) return { imageFamily, tags: undefined };
    const image = imageSeen(found);
    return { imageFamily: imageFamily ?? image.imageFamily ?? null, tags: image.tags };
  }
  const tags = mentions.tags ? await tagsOf(view, region, type, id) : undefined;
  return { imageFamily: null, tags };
};

const newestOf = async (view: Viewpoint, region: RegionId, name: string | undefined) => {
  if (name === undefined) return undefined;
  const found = await findByFamily(view.tx, view.caller, region, name, view);
  return found === 'malformed' ? undefined : found;
};

const tagsOf = async (
  { tx, caller, nowMs }: Viewpoint,
  regionId: RegionId,
  type: string,
  id: string,
): Promise<readonly Tag[] | undefined> => {
  const scope = { accountId: caller.accountId, regionId };
  if (type === 'snapshot') return id === '*' ? undefined : (await tx.snapshot(scope, id))?.tags;
  // What never has tags has none: a Deny of a tag is not about it.
  if (!isResourceType(type)) return [];
  if (id === '*') return undefined;
  return (await tx.resource(scope, type, id, nowMs))?.tags;
};

const isResourceType = (type: string): type is ResourceType =>
  (RESOURCE_TYPES as readonly string[]).includes(type);

const splitOnce = (resource: string): [type: string, id: string] => {
  const slash = resource.indexOf('/');
  return slash < 0 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash + 1)];
};
