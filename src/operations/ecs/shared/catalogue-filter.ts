// The filters of DescribeImages on public images, which are settings and not rows. What the store's
// conditions say of a row (store/queries/image-filter.ts), this says of a catalogue image.
import type { CatalogueImage } from '../../../domain/catalogue.ts';
import type { ImageFilter } from '../../../domain/tx.ts';

/** Whether `*` of the pattern can stand for runs of characters so that it becomes the text. */
export const fitsPattern = (text: string, pattern: string): boolean => {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
};

type Test = (image: CatalogueImage, filter: ImageFilter) => boolean;

/** Equal where the filter asks for anything. */
const equal =
  <K extends keyof ImageFilter & keyof CatalogueImage>(name: K): Test =>
  (image, filter) =>
    filter[name] === undefined || image[name] === (filter[name] as unknown);

/** One test for each filter, so that a new filter is not forgotten here. */
const TESTS: Record<keyof ImageFilter, Test> = {
  statuses: (image, { statuses }) => statuses?.includes(image.status) ?? true,
  imageIds: (image, { imageIds }) => imageIds?.includes(image.imageId) ?? true,
  imageName: equal('imageName'),
  imageNamePattern: (image, { imageNamePattern: pattern }) =>
    pattern === undefined || fitsPattern(image.imageName, pattern),
  imageFamily: equal('imageFamily'),
  osType: equal('osType'),
  architecture: equal('architecture'),
  isSupportCloudinit: equal('isSupportCloudinit'),
  isPublic: equal('isPublic'),
  isInUse: equal('isInUse'),
  resourceGroupId: equal('resourceGroupId'),
  nvmeSupport: equal('nvmeSupport'),
  snapshotId: (_, { snapshotId }) => snapshotId === undefined,
  tags: (_, { tags }) => tags === undefined || tags.length === 0,
  creationFromMs: (image, { creationFromMs: from }) =>
    from === undefined || image.creationMs >= from,
  creationToMs: (image, { creationToMs: to }) => to === undefined || image.creationMs <= to,
};

export const matches = (image: CatalogueImage, filter: ImageFilter): boolean =>
  Object.values(TESTS).every((test) => test(image, filter));
