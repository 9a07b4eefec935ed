import type { ResourceType } from './resource.ts';

/** One tag of a resource. Keys are compared byte for byte; a value may be empty. */
export interface Tag {
  tagKey: string;
  tagValue: string;
}

/** Resource types that carry tags here. */
export type TaggedType = 'image' | 'snapshot' | 'ramrole' | 'rampolicy' | ResourceType;

/** A tag bound to a resource. */
export interface TagBinding extends Tag {
  resourceType: TaggedType;
  resourceId: string;
}

export const MAX_TAGS_PER_RESOURCE = 20;
export const MAX_RESOURCES_PER_TAG_CALL = 50;

const startsWithReserved = (text: string): boolean => /^(aliyun|acs:)/i.test(text);
const containsAddress = (text: string): boolean => /https?:\/\//i.test(text);

/** 1 to 128 characters, not `aliyun…` or `acs:…`, no `http://` or `https://` in it. */
export const isTagKey = (text: string): boolean => {
  const length = [...text].length;
  return length >= 1 && length <= 128 && !startsWithReserved(text) && !containsAddress(text);
};

/** 0 to 128 characters, no `http://` or `https://` in it; at creation not `acs:…` either. */
export const isTagValue = (text: string, { atCreation = false } = {}): boolean =>
  [...text].length <= 128 && !containsAddress(text) && !(atCreation && /^acs:/i.test(text));
