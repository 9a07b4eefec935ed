// Names of images and families. Compared byte for byte: no folding, no normalising.

/** 2 to 128 characters: any Unicode letter, then letters, digits, `.` `_` `-` `:`. */
const NAME = /^\p{L}[\p{L}\p{Nd}._:-]{1,127}$/u;

/** Prefixes that belong to the vendor, in any case. */
const RESERVED = /^(aliyun|acs:)/i;

export const isImageName = (text: string): boolean => NAME.test(text) && !RESERVED.test(text);

/** Of a record (an instance, a disk, an image component): as of an image, and the vendor's prefixes are allowed. */
export const isResourceName = (text: string): boolean => NAME.test(text);

/** The name of an own family, for definition and for the plain lookup. */
export const isFamilyName = (text: string): boolean => NAME.test(text) && !RESERVED.test(text);

/** 2 to 256 characters, not starting with `http://` or `https://`. */
export const isDescription = (text: string): boolean => {
  const length = [...text].length;
  return length >= 2 && length <= 256 && !/^https?:\/\//i.test(text);
};

/** The name of a snapshot: as an image's, but `auto` at its start is for the vendor's own. */
export const isSnapshotName = (text: string): boolean => NAME.test(text) && !/^auto/i.test(text);
